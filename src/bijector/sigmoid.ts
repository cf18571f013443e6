import * as tf from "@tensorflow/tfjs-core"
import { interval } from "../constraint/interval.ts"
import { sizeOf } from "../graph/shape.ts"
import type { Shape } from "../graph/types.ts"
import { asTensor, shapeOf, type Numeric } from "../trace/tensor.ts"
import type { Bijector } from "./bijector.ts"
import { checkBroadcast, euclidean, makeBijector } from "./make.ts"

/**
 * y = lower + (upper − lower) σ(x) by component, from R to (lower, upper). The bounds may be tensors, such as other latents.
 * log |det J| = Σ log(upper − lower) − softplus(x) − softplus(−x); backwards x = log((y − lower) / (upper − y)).
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs-core"
 * import { sigmoid } from "pushforward/bijectors"
 *
 * sigmoid([], 0, 10).forward(tf.scalar(0)).value.print() // 5
 * ```
 */
export const sigmoid = (shape: Shape = [], lower: Numeric = 0, upper: Numeric = 1): Bijector => {
  const codomain = { shape, constraint: interval(lower, upper) }
  checkBroadcast("sigmoid.lower", shapeOf(lower), shape)
  checkBroadcast("sigmoid.upper", shapeOf(upper), shape)
  const width = (): tf.Tensor => tf.sub(asTensor(upper), asTensor(lower))
  const logDet = (x: tf.Tensor, w: tf.Tensor): tf.Tensor => {
    const logWidth = tf.mul(tf.sum(tf.log(w)), sizeOf(shape) / sizeOf(w.shape))
    return tf.sub(logWidth, tf.sum(tf.add(tf.softplus(x), tf.softplus(tf.neg(x)))))
  }
  return makeBijector({
    name: "sigmoid",
    domain: euclidean(shape),
    codomain,
    forward: (x) => {
      const w = width()
      return { value: tf.add(asTensor(lower), tf.mul(w, tf.sigmoid(x))), logDet: logDet(x, w) }
    },
    inverse: (y) => {
      const x = tf.log(tf.div(tf.sub(y, asTensor(lower)), tf.sub(asTensor(upper), y)))
      return { value: x, logDet: tf.neg(logDet(x, width())) }
    }
  })
}
