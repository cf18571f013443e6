/** Training steps as fits run them, with parameters away from where a fit starts, so that no part of a guide is near the identity. */
import * as tf from "@tensorflow/tfjs-core"
import { type AmortisedGuide, type Guide, type GraphProgram, type Model, reverseKL, type TypedArray } from "pushforward"
import { flowApproximation } from "../src/inference/approximation.ts"
import type { DataNames } from "../src/inference/features.ts"
import { withheld } from "../src/inference/features.ts"
import { reverseTerm } from "../src/inference/objective.ts"
import { simulate } from "../src/inference/simulation.ts"
import type { Trained } from "../src/inference/step.ts"
import { stepOf } from "../src/inference/step.ts"
import { targetOf } from "../src/inference/target.ts"
import { modelParams } from "../src/inference/trainables.ts"
import type { Params, TensorParams } from "../src/learnable/index.ts"
import { flatten, leaves, unflatten } from "../src/learnable/index.ts"
import { normals } from "../src/random/draws.ts"
import { keyOf } from "../src/random/key.ts"

export type Gradient = "plain" | "path"

export interface Step {
  readonly program: GraphProgram
  /** What recording it took, reverse mode included: not what its numbers took. */
  readonly traceMs: number
  /** Of the first step; the outputs of each are the next one's parameters and moments. */
  readonly inputs: Readonly<Record<string, TypedArray>>
  /** By their paths in the tree. */
  readonly parameters: Readonly<Record<string, { readonly shape: ReadonlyArray<number>; readonly data: ReadonlyArray<number> }>>
}

/** The rate is 0, so that the objective of all steps has one expectation, by which systems are held against each other. */
const benchStep = (start: Params, draws: number, away: number, term: (trained: Trained) => tf.Tensor): Step => {
  const noise = normals(keyOf(3), flatten(start).length)
  const parameters = flatten(start).map((p, i) => p + away * noise[i]!)
  const began = performance.now()
  const { program } = stepOf(start, draws, term)
  return {
    program,
    traceMs: performance.now() - began,
    inputs: {
      parameters,
      first: new Float64Array(parameters.length),
      second: new Float64Array(parameters.length),
      rate: Float64Array.of(0),
      count: Float64Array.of(1),
      key: Uint32Array.of(0, 1, 0)
    },
    parameters: Object.fromEntries(
      leaves(unflatten(start, parameters)).map(({ path, value }) => [path, { shape: value.shape, data: [...value.data] }])
    )
  }
}

const isotropic = (d: number, scale: number) => ({
  shift: new Float64Array(d),
  scaleTril: Float64Array.from({ length: d * d }, (_, k) => (k % (d + 1) === 0 ? scale : 0))
})

export interface ElboOptions {
  readonly draws: number
  readonly gradient: Gradient
  /** The standard deviation of the guide's Gaussian in unconstrained space; by default 1. */
  readonly scale?: number | undefined
}

/** The step of `fit`. */
export const elboStep = (model: Model<unknown, unknown>, guide: Guide, { draws, gradient, scale = 1 }: ElboOptions): Step => {
  const target = targetOf(model)
  const approximation = flowApproximation(target, guide, isotropic(target.dimension, scale))
  const params = { guide: approximation.init(keyOf(1)), model: modelParams(target, keyOf(2)) }
  return benchStep(params, draws, 0.02, (t) => reverseTerm(reverseKL({ gradient }), approximation, t.guide, t.model))
}

/** The step of `fitAmortised` by the forward KL divergence, its features as they are. */
export const amortisedStep = (
  model: Model<unknown, unknown>,
  guide: AmortisedGuide,
  names: DataNames,
  features: number,
  batch: number
): Step => {
  const target = targetOf(withheld(model, names.observed), [...names.observed, ...names.inputs])
  const approximation = flowApproximation(target, guide.guide, isotropic(target.dimension, 1), guide.context)
  const encoder = guide.encoder({ vector: features })
  const params = { guide: { encoder: encoder.init(keyOf(1)), flow: approximation.init(keyOf(2)) }, model: modelParams(target, keyOf(3)) }
  // further away, what the prior rarely draws rules the mean objective, and no run is long enough to compare it
  return benchStep(params, batch, 0.01, (trained) => {
    const { encoder: e, flow } = trained.guide as { readonly encoder: TensorParams; readonly flow: TensorParams }
    const { latents, data, features: seen } = simulate(target, names, trained.model)
    return approximation.at(latents, flow, trained.model, { data, context: encoder.build(e)({ vector: tf.asinh(seen.vector!) }) }).logGuide
  })
}
