import * as tf from "@tensorflow/tfjs-core"
import { ordered } from "../constraint/ordered.ts"
import type { Shape } from "../graph/types.ts"
import { constant } from "../trace/tensor.ts"
import type { Bijector } from "./bijector.ts"
import { lastLength, lengthened } from "./lastAxis.ts"
import { euclidean, makeBijector } from "./make.ts"

/**
 * R^K onto the increasing vectors: y₁ = x₁, yₖ = yₖ₋₁ + e^xₖ along the last axis. log |det J| = Σ x₂…x_K.
 *
 * @see Stan Reference Manual, "Ordered vector".
 */
export const toOrdered = (shape: Shape): Bijector => {
  const single = lastLength("toOrdered.shape", shape) === 1
  const zeros = shape.map(() => 0)
  const rest = lengthened(shape, -1)
  const second = zeros.with(-1, 1)
  const head = (t: tf.Tensor): tf.Tensor => tf.slice(t, zeros, [...shape.slice(0, -1), 1])
  return makeBijector({
    name: "toOrdered",
    domain: euclidean(shape),
    codomain: { shape, constraint: ordered },
    forward: (x) => {
      if (single) return { value: x, logDet: constant(0) }
      const steps = tf.slice(x, second, [...rest])
      return { value: tf.cumsum(tf.concat([head(x), tf.exp(steps)], -1), shape.length - 1), logDet: tf.sum(steps) }
    },
    inverse: (y) => {
      if (single) return { value: y, logDet: constant(0) }
      const steps = tf.log(tf.sub(tf.slice(y, second, [...rest]), tf.slice(y, zeros, [...rest])))
      return { value: tf.concat([head(y), steps], -1), logDet: tf.neg(tf.sum(steps)) }
    }
  })
}
