/** Approximations of small models, their objective and its gradients, in float64. */
import * as tf from "@tensorflow/tfjs-core"
import { parameter } from "../../src/index.ts"
import { LogNormal, Normal } from "../../src/distribution/index.ts"
import {
  fullRank,
  inverseAutoregressiveFlow,
  maskedAutoregressiveFlow,
  meanField,
  neuralSplineFlow,
  planarFlow,
  realNVP
} from "../../guides/index.ts"
import { contextOf, prepare } from "../../src/graph/interpret.ts"
import type { Start } from "../../src/guide/guide.ts"
import type { Approximation } from "../../src/inference/approximation.ts"
import { flowApproximation } from "../../src/inference/approximation.ts"
import { modelApproximation } from "../../src/inference/modelApproximation.ts"
import type { ReverseKL } from "../../src/inference/objective.ts"
import { reverseTerm } from "../../src/inference/objective.ts"
import { asTrained, cut } from "../../src/inference/step.ts"
import { targetOf } from "../../src/inference/target.ts"
import { modelParams } from "../../src/inference/trainables.ts"
import type { Params } from "../../src/learnable/learnable.ts"
import { flatten, sizeOfTree } from "../../src/learnable/tree.ts"
import { model, param, sample } from "../../src/model/index.ts"
import type { Program } from "../../src/model/site.ts"
import { fold, keyOf } from "../../src/random/key.ts"
import { leave, newAxis, sumOver, under } from "../../src/trace/axes.ts"
import { gradient, placeholder, programOf, trace } from "../../src/trace/trace.ts"
import { feedOf } from "../support/gradients.ts"
import { normals } from "../support/numbers.ts"

export const flows = {
  "mean field": meanField(),
  "full rank": fullRank(),
  RealNVP: realNVP({ couplings: 2, hidden: [4] }),
  "neural spline flow": neuralSplineFlow({ couplings: 2, hidden: [4], bins: 3 }),
  "masked autoregressive flow": maskedAutoregressiveFlow({ layers: 2, hidden: [4] }),
  "inverse autoregressive flow": inverseAutoregressiveFlow({ layers: 2, hidden: [4] }),
  "planar flow": planarFlow({ layers: 2 })
}

/** A guide written by hand for latents mu and tau > 0, the second given the first. */
export const byHand = model(function* () {
  const at = yield* param("at", parameter(0.2))
  const slope = yield* param("slope", parameter(-0.4))
  const scales = yield* param("scales", parameter([0.7, 0.5]))
  const [first, second] = tf.unstack(scales) as [tf.Tensor, tf.Tensor]
  const mu = yield* sample("mu", Normal(at, tf.exp(first)))
  yield* sample("tau", LogNormal(tf.mul(slope, mu), tf.exp(second)))
})

/** A Gaussian of d dimensions to start from, correlated. */
export const someStart = (d: number): Start => ({
  shift: Float64Array.from(normals(3, d)),
  scaleTril: Float64Array.from({ length: d * d }, (_, k) => {
    const [i, j] = [Math.floor(k / d), k % d]
    return i === j ? 0.5 + 0.2 * i : i > j ? 0.3 * normals(4 + k, 1)[0]! : 0
  })
})

export type AnyGuide = (typeof flows)[keyof typeof flows] | Program<unknown>

export const approximate = (m: Program<unknown>, guide: AnyGuide): Approximation => {
  const target = targetOf(m)
  return "flow" in guide ? flowApproximation(target, guide, someStart(target.dimension)) : modelApproximation(target, guide)
}

/** Everything trained, shaken away from where it starts. */
export const shaken = (approximation: Approximation, by = 0.3, seed = 9): { readonly tree: Params; readonly vector: Float64Array } => {
  const key = keyOf(1)
  const tree = { guide: approximation.init(fold(key, "guide")), model: modelParams(approximation.target, key) }
  const noise = normals(seed, sizeOfTree(tree))
  return { tree, vector: flatten(tree).map((v, i) => v + by * noise[i]!) }
}

export interface Estimated {
  /** The objective at each draw. */
  readonly terms: Float64Array
  /** The gradient of their mean. */
  readonly gradient: Float64Array
}

/** The objective of so many draws and its gradient, as a function of the parameters and the key's step. */
export const estimator = (
  approximation: Approximation,
  objective: ReverseKL,
  tree: Params,
  draws: number
): ((parameters: Float64Array, step: number) => Estimated) => {
  const { result: program } = trace(() => {
    const vector = placeholder("parameters", [sizeOfTree(tree)])
    const { guide, model: m } = asTrained(cut(vector, tree).tree)
    const axis = newAxis("particle", draws)
    const [terms, mean] = under(axis, () => {
      const term = reverseTerm(objective, approximation, guide, m)
      return [leave(term, axis), sumOver(term, axis, 1 / draws)] as const
    })
    return programOf([terms, ...gradient(mean, [vector])])
  })
  const { run } = prepare(program.graph, program.outputs, contextOf("float64"))
  return (parameters, step) => {
    const [terms, slope] = run(feedOf(program, { parameters, key: [1, 2, step] }))
    return { terms: Float64Array.from(terms!), gradient: Float64Array.from(slope!) }
  }
}

export const range = (n: number): ReadonlyArray<number> => Array.from({ length: n }, (_, i) => i)
