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

/** What an encoder is told of a data set, standardised. */
export interface Features {
  /** What is in no set, as one vector. */
  readonly vector?: tf.Tensor
  /** The rows of a set [n, width], of which the first `count` are there. */
  readonly rows?: tf.Tensor
  readonly count?: tf.Tensor
}

/** How many numbers an encoder is told: in the vector, and by row of the set. */
export interface FeatureSizes {
  readonly vector?: number
  readonly rows?: number
}

export type Encoder = (features: Features) => tf.Tensor

/** A guide of many data sets: its bijector is built from what an encoder makes of the data. */
export interface AmortisedGuide {
  readonly name: string
  readonly guide: Guide
  /** The length of the context. */
  readonly context: number
  /** From the features of a data set to the context. */
  readonly encoder: (sizes: FeatureSizes) => Learnable<Encoder>
}
