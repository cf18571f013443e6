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
  /** The bijector from a standard normal vector to the unconstrained coordinates; of a context, where the guide is amortised. */
  readonly flow: (start: Start) => Learnable<Bijector, tf.Tensor | void>
}
