import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import { DefaultEngine } from "../engine/default.ts"
import type { NDArray } from "../graph/types.ts"
import type { AmortisedGuide } from "../guide/guide.ts"
import { flowApproximation } from "../inference/approximation.ts"
import type { DataNames } from "../inference/features.ts"
import { withheld } from "../inference/features.ts"
import type { Objective, ReverseKL } from "../inference/objective.ts"
import { refinedKL, reverseTerm, softened } from "../inference/objective.ts"
import { simulate } from "../inference/simulation.ts"
import { isFamiliar, standardised } from "../inference/standardise.ts"
import type { Trained } from "../inference/step.ts"
import { stepOf } from "../inference/step.ts"
import type { Data } from "../inference/target.ts"
import { targetOf } from "../inference/target.ts"
import { modelParams } from "../inference/trainables.ts"
import type { Algorithm } from "../inference/variational.ts"
import { variational } from "../inference/variational.ts"
import { wholeNumber } from "../inference/wholeNumber.ts"
import type { TensorParams } from "../learnable/learnable.ts"
import { unflatten } from "../learnable/tree.ts"
import { stopGradient } from "../math/index.ts"
import { attemptTrace } from "../model/compute.ts"
import type { Model } from "../model/model.ts"
import type { Continuous, ObservedNames } from "../model/types.ts"
import { toTensor } from "../model/value.ts"
import { fold } from "../random/key.ts"
import type { Amortised } from "./amortised.ts"
import { amortisedOf } from "./amortised.ts"
import type { FitFailure, TrainingOptions } from "./options.ts"
import { training } from "./options.ts"
import { run } from "./steps.ts"
import { survey } from "./survey.ts"

export interface AmortisedFitOptions<R> extends TrainingOptions {
  /** Observed sites, which are simulated while training, and which the encoder reads. */
  readonly observed: ReadonlyArray<ObservedNames<R>>
  /** What the encoder reads besides: columns of the data of plates and chains, or sample sites, which are then given and not inferred. */
  readonly inputs?: ReadonlyArray<string>
  /** Data sets simulated a step; by default 128. */
  readonly dataSets?: number
  /** By default `refinedKL()`, the forward KL and then the ELBO; `reverseKL()` is the ELBO alone, `forwardKL()` neural posterior estimation. */
  readonly objective?: Objective
}

/** The reverse KL's term may fall so far below that of the simulated latents, in nats, before it is softened. */
const margin = 5
/** The forward KL's share of the steps of a refined objective. */
const forwardShare = 0.1

/** One algorithm for so many steps, then the other. */
const sequenced = (first: Algorithm, steps: number, second: Algorithm): Algorithm => ({
  init: first.init,
  advance: (state, most) => (state.step < steps ? first.advance(state, Math.min(most, steps - state.step)) : second.advance(state, most))
})

/**
 * Fits a conditional flow that gives the posterior for any data set, by data sets drawn from the prior predictive. What stands in
 * `observed` is simulated, whether the model has values for it or not; ask the result about data with `posterior(model(data))`.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { fitAmortised, model, observe, sample } from "pushforward"
 * import { Normal } from "pushforward/distributions"
 * import { amortised, realNVP } from "pushforward/guides"
 *
 * const location = model(function* (y?: number) {
 *   const mu = yield* sample("mu", Normal(0, 1))
 *   yield* observe("y", Normal(mu, 1), y)
 * })
 * const guide = amortised(realNVP({ couplings: 1 }), { context: 4, hidden: [8] })
 * const fitted = await Effect.runPromise(fitAmortised(location(), guide, { observed: ["y"], steps: 20 }))
 * const posterior = await Effect.runPromise(fitted.posterior(location(1)))
 * console.log(posterior.summary)
 * ```
 */
export const fitAmortised = <A, R>(
  model: Model<A, R> & Continuous<R>,
  guide: AmortisedGuide,
  options: AmortisedFitOptions<R>
): Effect.Effect<Amortised<R>, FitFailure> =>
  Effect.scoped(
    Effect.gen(function* () {
      const { objective = refinedKL(), engine = yield* DefaultEngine } = options
      const names: DataNames = { observed: options.observed, inputs: options.inputs ?? [] }
      const { target, dataSets, seed, key, steps, schedule } = yield* attemptTrace(() => ({
        ...training("fitAmortised", options, 0.002),
        dataSets: wholeNumber("fitAmortised.dataSets", options.dataSets ?? 128),
        target: targetOf(withheld(model, names.observed), [...names.observed, ...names.inputs])
      }))
      const trained = modelParams(target, fold(key, "model"))
      const { features, start, typical } = yield* survey(target, names, trained, engine, seed)
      const approximation = flowApproximation(target, guide.guide, start, guide.context)
      const encoder = guide.encoder(features.centre.length)
      const params = {
        guide: { encoder: encoder.init(fold(key, "encoder")), flow: approximation.init(fold(key, "guide")) },
        model: trained
      }
      /** A data set with its context, and the guide's density at the latents that it came from. */
      const simulated = ({ guide: g, model: m }: Trained) => {
        const { encoder: e, flow } = g as { readonly encoder: TensorParams; readonly flow: TensorParams }
        const { latents, data, features: raw } = simulate(target, names, m)
        const givenFor = (d: Data, f: tf.Tensor) => ({ data: d, context: encoder.build(e)(standardised(f, features)) })
        return { data, raw, flow, givenFor, truth: approximation.at(latents, flow, m, givenFor(data, raw)) }
      }
      const forward = (t: Trained): tf.Tensor => simulated(t).truth.logGuide
      /** Of data sets within the range of the survey; the others, replaced by a typical one so that their numbers stay tame, count nothing. */
      const reverse =
        (how: ReverseKL) =>
        (t: Trained): tf.Tensor => {
          const { data, raw, flow, givenFor, truth } = simulated(t)
          const familiar = isFamiliar(raw, features)
          const tame = (x: tf.Tensor, instead: NDArray): tf.Tensor => tf.where(familiar, x, toTensor(instead))
          const given = givenFor(
            Object.fromEntries(Object.entries(data).map(([name, x]) => [name, tame(x, typical.data[name]!)])),
            tame(raw, typical.features)
          )
          const floor = tf.sub(stopGradient(tf.sub(truth.logJoint, truth.logGuide)), margin)
          const term = softened(reverseTerm(how, approximation, flow, t.model, given), tf.where(familiar, floor, tf.zerosLike(floor)))
          return tf.where(familiar, term, tf.zerosLike(term))
        }
      const algorithmFor = (term: (t: Trained) => tf.Tensor) =>
        Effect.flatMap(
          attemptTrace(() => stepOf(params, dataSets, term)),
          (step) => variational(step, params, { seed, steps, schedule, engine })
        )
      const algorithm =
        objective._tag === "ForwardKL"
          ? yield* algorithmFor(forward)
          : objective._tag === "ReverseKL"
            ? yield* algorithmFor(reverse(objective))
            : sequenced(yield* algorithmFor(forward), Math.round(steps * forwardShare), yield* algorithmFor(reverse(objective.reverse)))
      const { last: state } = yield* run(guide.name, "objective", steps, algorithm, options.stop)
      return amortisedOf<R>({
        guide,
        encoder,
        names,
        features,
        start,
        target,
        engine,
        params: unflatten(params, state.parameters) as typeof params,
        rejected: state.rejected
      })
    })
  )
