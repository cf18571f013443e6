/** What an amortised fit estimates of one simulated data set. */
import * as tf from "@tensorflow/tfjs-core"
import type { Encoder, Features } from "../guide/guide.ts"
import type { Approximation } from "../inference/approximation.ts"
import { type DataNames, digestOf, mapFeatures } from "../inference/features.ts"
import { type ReverseKL, reverseTerm, softened } from "../inference/objective.ts"
import { simulate } from "../inference/simulation.ts"
import { isFamiliar, type Scaling, standardised } from "../inference/standardise.ts"
import type { Trained } from "../inference/step.ts"
import type { Data } from "../inference/target.ts"
import type { Learnable, TensorParams } from "../learnable/learnable.ts"
import { stopGradient } from "../math/index.ts"
import { toTensor } from "../model/value.ts"
import type { Example, FeatureScaling } from "./survey.ts"

/** The reverse KL's term may fall so far below that of the simulated latents, in nats, before it is softened. */
const margin = 5

/** Data sets of one size class, or all. */
export interface Simulation {
  readonly names: DataNames
  readonly approximation: Approximation
  readonly encoder: Learnable<Encoder>
  readonly scaling: FeatureScaling
  readonly familiar: Scaling
  /** What stands for data sets outside the familiar range. */
  readonly typical: Example
}

export const standardisedFeatures = (features: Features, { vector, rows }: FeatureScaling): Features => ({
  ...features,
  ...(vector && { vector: standardised(features.vector!, vector) }),
  ...(rows && { rows: standardised(features.rows!, rows) })
})

/** A data set with its context, and the guide's density at the latents that it came from. */
const simulated = ({ names, approximation, encoder, scaling }: Simulation, { guide, model }: Trained) => {
  const { encoder: e, flow } = guide as { readonly encoder: TensorParams; readonly flow: TensorParams }
  const { latents, data, features } = simulate(approximation.target, names, model)
  const givenFor = (d: Data, f: Features) => ({ data: d, context: encoder.build(e)(standardisedFeatures(f, scaling)) })
  return { data, features, flow, givenFor, truth: approximation.at(latents, flow, model, givenFor(data, features)) }
}

export const forwardTermOf = (simulation: Simulation, trained: Trained): tf.Tensor => simulated(simulation, trained).truth.logGuide

/** Of data sets within the range of the survey; the others, replaced by a typical one so that their numbers stay tame, count nothing. */
export const reverseTermOf = (how: ReverseKL, simulation: Simulation, trained: Trained): tf.Tensor => {
  const { approximation, familiar, typical } = simulation
  const { data, features, flow, givenFor, truth } = simulated(simulation, trained)
  const known = isFamiliar(digestOf(features), familiar)
  const given = givenFor(
    Object.fromEntries(Object.entries(data).map(([name, x]) => [name, tf.where(known, x, toTensor(typical.data[name]!))])),
    mapFeatures(features, (part, name) => tf.where(known, part, toTensor(typical.features[name]!)))
  )
  const floor = tf.sub(stopGradient(tf.sub(truth.logJoint, truth.logGuide)), margin)
  const term = softened(reverseTerm(how, approximation, flow, trained.model, given), tf.where(known, floor, tf.zerosLike(floor)))
  return tf.where(known, term, tf.zerosLike(term))
}
