/**
 * Bijector: an invertible differentiable map between two spaces, for one value. `forward` is the direction of the pushforward
 * (base → data). Each direction returns the value and the log-determinant of the map *just applied*, summed over the whole value, so
 * `forward(x).logDet = −inverse(forward(x).value).logDet`. Everything else is derived. A bijector holds no trainable state.
 *
 * @see Papamakarios et al. 2021, "Normalizing Flows for Probabilistic Modeling and Inference", eq. 3–5.
 */
import type * as tf from "@tensorflow/tfjs-core"
import type { Constraint } from "../constraint/constraint.ts"
import type { Shape } from "../graph/types.ts"

export interface Mapped {
  readonly value: tf.Tensor
  /** A scalar. */
  readonly logDet: tf.Tensor
}

export interface Space {
  readonly shape: Shape
  readonly constraint: Constraint
}

export interface Bijector {
  readonly name: string
  readonly domain: Space
  readonly codomain: Space
  /** Of a chain: its bijectors in reading order. */
  readonly parts?: ReadonlyArray<Bijector>
  readonly forward: (x: tf.Tensor) => Mapped
  readonly inverse: (y: tf.Tensor) => Mapped
}
