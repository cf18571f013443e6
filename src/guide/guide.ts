/**
 * Guide: a learnable distribution over the latents of a model, in unconstrained coordinates. An automatic guide pushes a standard normal
 * forward through a learnable bijector; a guide may also be written by hand, as a model.
 */
import type * as tf from "@tensorflow/tfjs-core"
import type { Bijector } from "../bijector/bijector.ts"
import type { Learnable } from "../learnable/learnable.ts"

/** Where an automatic guide starts: a Gaussian with this mean [d] and this lower triangular factor of its covariance [d, d], row-major. */
export interface Start {
  readonly shift: Float64Array
  readonly scaleTril: Float64Array
}

export interface Guide {
  readonly name: string
  /**
   * The bijector from a standard normal vector to the unconstrained coordinates. With `context`, the length of a vector, it is built from
   * one, and so differs by data set.
   */
  readonly flow: (start: Start, context?: number) => Learnable<Bijector, tf.Tensor | void>
}

/** A guide of many data sets: its bijector is built from what an encoder makes of the data. */
export interface AmortisedGuide {
  readonly name: string
  readonly guide: Guide
  /** The length of the context. */
  readonly context: number
  /** From a vector of so many numbers, the standardised data, to the context. */
  readonly encoder: (features: number) => Learnable<(features: tf.Tensor) => tf.Tensor>
}
