import * as tf from "@tensorflow/tfjs-core"
import { ArgumentError, ShapeError } from "../errors.ts"
import { sameShape } from "../graph/shape.ts"
import { scan } from "../math/index.ts"
import type { Bijector } from "./bijector.ts"
import { euclidean, makeBijector, showSpace } from "./make.ts"

export interface Autoregressive {
  /** The vector's length. */
  readonly size: number
  /** From a vector the bijector by component of which the i-th component depends on the vector's first i − 1 alone. */
  readonly conditioner: (vector: tf.Tensor) => Bijector
}

/**
 * The map of masked autoregressive flows: yᵢ = g(xᵢ; y₁ … yᵢ₋₁), by component through the bijector that the conditioner makes of y. The
 * Jacobian is triangular, so log |det J| is that of g.
 *
 * The inverse, and so a density, is one pass of the conditioner; forward, and so a draw, it is `size` passes one after the other, compiled
 * as a loop, and the gradient of a draw as many again.
 *
 * @throws ArgumentError if `size` is not a positive integer; ShapeError if the conditioner's bijector is not on vectors of that length.
 * @see Papamakarios, Pavlakou & Murray 2017, "Masked Autoregressive Flow for Density Estimation", section 3.
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs-core"
 * import { elementwiseAffine, maskedAutoregressive } from "pushforward/bijectors"
 *
 * const sums = maskedAutoregressive({
 *   size: 3,
 *   conditioner: (y) => elementwiseAffine(tf.cumsum(y, 0, true), 1)
 * })
 * sums.forward(tf.tensor([1, 1, 1])).value.print() // [1, 2, 4]
 * ```
 */
export const maskedAutoregressive = (options: Autoregressive): Bijector => autoregressive("maskedAutoregressive", options)

/** The same, called `name` in messages. */
export const autoregressive = (name: string, { size, conditioner }: Autoregressive): Bijector => {
  if (!Number.isInteger(size) || size < 1) {
    throw new ArgumentError({ argument: `${name}.size`, expected: "a positive integer", received: String(size) })
  }
  const space = euclidean([size])
  const given = (y: tf.Tensor): Bijector => {
    const bijector = conditioner(y)
    for (const end of [bijector.domain, bijector.codomain]) {
      if (sameShape(end.shape, space.shape) && end.constraint.name === space.constraint.name) continue
      throw new ShapeError({ where: `${name}.conditioner`, expected: showSpace(space), received: showSpace(end) })
    }
    return bijector
  }
  /** y with 0 for its last component: each pass settles the next one. */
  const settled = (x: tf.Tensor): tf.Tensor => {
    if (size === 1) return tf.zerosLike(x)
    const turns = tf.slice(tf.eye(size), [0, 0], [size - 1, size])
    const pass = (y: tf.Tensor, turn: tf.Tensor): tf.Tensor => tf.where(tf.greater(turn, 0), given(y).forward(x).value, y)
    const passes = scan(pass, tf.zerosLike(x), turns, { name })
    return tf.squeeze(tf.slice(passes, [size - 2, 0], [1, size]), [0])
  }
  return makeBijector({
    name,
    domain: space,
    codomain: space,
    forward: (x) => given(settled(x)).forward(x),
    inverse: (y) => given(y).inverse(y)
  })
}
