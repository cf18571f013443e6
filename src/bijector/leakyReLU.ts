import * as tf from "@tensorflow/tfjs-core"
import { ArgumentError } from "../errors.ts"
import type { Shape } from "../graph/types.ts"
import { asTensor, hostValues, shapeOf, type Numeric } from "../trace/tensor.ts"
import type { Bijector } from "./bijector.ts"
import { checkBroadcast, euclidean, makeBijector } from "./make.ts"

/**
 * y = x where x ≥ 0 and slope · x elsewhere, by component; `slope` is positive. log |det J| = Σ log slope over the components below 0.
 * `shape` is that of the values; by default that of `slope`.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs-core"
 * import { leakyReLU } from "pushforward/bijectors"
 *
 * leakyReLU(0.1, [2]).forward(tf.tensor([-1, 1])).value.print() // [−0.1, 1]
 * ```
 */
export const leakyReLU = (slope: Numeric, shape: Shape = shapeOf(slope)): Bijector => {
  checkBroadcast("leakyReLU.slope", shapeOf(slope), shape)
  const bad = hostValues(slope)?.find((s) => !(s > 0 && s < Infinity))
  if (bad !== undefined) {
    throw new ArgumentError({ argument: "leakyReLU.slope", expected: "finite numbers above 0", received: String(bad) })
  }
  const logDet = (x: tf.Tensor, s: tf.Tensor): tf.Tensor => tf.sum(tf.mul(tf.cast(tf.less(x, 0), "float32"), tf.log(s)))
  return makeBijector({
    name: "leakyReLU",
    domain: euclidean(shape),
    codomain: euclidean(shape),
    forward: (x) => {
      const s = asTensor(slope)
      return { value: tf.where(tf.less(x, 0), tf.mul(x, s), x), logDet: logDet(x, s) }
    },
    inverse: (y) => {
      const s = asTensor(slope)
      return { value: tf.where(tf.less(y, 0), tf.div(y, s), y), logDet: tf.neg(logDet(y, s)) }
    }
  })
}
