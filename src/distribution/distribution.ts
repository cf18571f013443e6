/**
 * Distribution: of one event. Parameters broadcast to the event shape; the log density is a scalar, the sum over the components. A value
 * of another shape is an error, never broadcast. Independence that the library must know of is a `plate`.
 */
import type * as tf from "@tensorflow/tfjs-core"
import type { Constraint } from "../constraint/constraint.ts"
import type { Shape } from "../graph/types.ts"
import type { Noise } from "../trace/noiseStream.ts"

/** What a draw is made of: real numbers have gradients and can be fitted, integers are observed or drawn. */
export type Kind = "real" | "integer"

export interface Distribution<out K extends Kind = Kind> {
  readonly name: string
  readonly kind: K
  readonly support: Constraint
  readonly eventShape: Shape
  /** log p(value), a scalar; −∞ outside the support. */
  readonly logProb: (value: tf.Tensor) => tf.Tensor
  /** A draw, differentiable in the parameters where `kind` is real. */
  readonly sample: (noise: Noise) => tf.Tensor
  /** A draw with its log density where that costs less than one after the other; see `sampleWithLogProb`. */
  readonly sampleWithLogProb?: (noise: Noise) => Draw
  /** The distribution functions of the components, for those that `Truncated` takes. */
  readonly cumulative?: Cumulative
  /**
   * Absent, the gradient of a draw is the gradient of its distribution. False where it is not in some parameter (the weights of a
   * mixture, by which a component is chosen): then it must not be the guide of a reparameterised objective.
   */
  readonly reparameterised?: false
}

export interface Draw {
  readonly value: tf.Tensor
  readonly logProb: tf.Tensor
}

/** Distribution functions by component and in log space, so that both tails keep their digits. */
export interface Cumulative {
  /** log P(X ≤ x). */
  readonly logCdf: (x: tf.Tensor) => tf.Tensor
  /** log P(X > x). */
  readonly logSurvival: (x: tf.Tensor) => tf.Tensor
  /** The x with log P(X ≤ x) = `logP`. */
  readonly quantile: (logP: tf.Tensor) => tf.Tensor
  /** The x with log P(X > x) = `logP`. */
  readonly upperQuantile: (logP: tf.Tensor) => tf.Tensor
}

/** A draw and its log density together; a transformed distribution does not invert what it has just mapped. */
export const sampleWithLogProb = (distribution: Distribution, noise: Noise): Draw => {
  if (distribution.sampleWithLogProb !== undefined) return distribution.sampleWithLogProb(noise)
  const value = distribution.sample(noise)
  return { value, logProb: distribution.logProb(value) }
}
