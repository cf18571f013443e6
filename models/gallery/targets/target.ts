/** A target: a distribution to be learned from its draws, whose density is known. */
import type * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import { type DrawOptions, type Model, type NDArray, prior } from "pushforward"

/** What a model of a conditional target gives: the point [d], and what it is conditioned on [c]. */
export interface Conditional {
  readonly value: tf.Tensor
  readonly context: tf.Tensor
}

export interface Target<out R = unknown> {
  readonly name: string
  /** One draw. The point is its result, and its site "x" too. */
  readonly model: Model<tf.Tensor, R>
  /** log p(x) in float64. */
  readonly logDensity: (x: ArrayLike<number>) => number
  /** log p(x) of one point as a tensor, for use in a model. */
  readonly logProb: (x: tf.Tensor) => tf.Tensor
  /** −E log p(x), in nats. */
  readonly entropy: number
}

export interface ConditionalTarget<out R = unknown> {
  readonly name: string
  /** One draw. The point is its site "x" too, the context its site "context". */
  readonly model: Model<Conditional, R>
  /** log p(x | context) in float64. */
  readonly logDensity: (x: ArrayLike<number>, context: ArrayLike<number>) => number
  /** log p(x | context) of one point as a tensor. */
  readonly logProb: (x: tf.Tensor, context: tf.Tensor) => tf.Tensor
  /** −E log p(x | context), in nats. */
  readonly entropy: number
}

/** The rows of an array [n, d]. */
export const rowsOf = ({ shape, data }: NDArray): ReadonlyArray<ArrayLike<number>> => {
  const [count = 0, size = 1] = shape
  return Array.from({ length: count }, (_, i) => data.subarray(i * size, (i + 1) * size))
}

/** log p of points [n, d], given contexts [n, c] where there are such, in float64: [n]. */
export const logDensities = (target: Target | ConditionalTarget, x: NDArray, context?: NDArray): Float64Array => {
  const contexts = context === undefined ? [] : rowsOf(context)
  return Float64Array.from(rowsOf(x), (point, i) => target.logDensity(point, contexts[i] ?? []))
}

/** Draws of a target by its model: points [draws, d], contexts [draws, c] where there are such, and the model's other sites. */
export const drawsOf = (target: Target | ConditionalTarget, options: DrawOptions) =>
  Effect.map(
    prior<unknown, unknown>(target.model, options),
    (sites) => sites as unknown as Readonly<Record<string, NDArray>> & { readonly x: NDArray }
  )
