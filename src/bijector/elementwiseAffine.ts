import * as tf from "@tensorflow/tfjs-core"
import { ArgumentError } from "../errors.ts"
import { broadcastShapes, sizeOf } from "../graph/shape.ts"
import type { Shape } from "../graph/types.ts"
import { asTensor, hostValues, shapeOf, type Numeric } from "../trace/tensor.ts"
import type { Bijector } from "./bijector.ts"
import { checkBroadcast, euclidean, makeBijector } from "./make.ts"

/**
 * y = shift + scale · x by component; `scale` may be negative, not zero. log |det J| = Σ log |scale|. `shape` is that of the values;
 * by default the one to which `shift` and `scale` broadcast.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs-core"
 * import { elementwiseAffine } from "pushforward/bijectors"
 *
 * elementwiseAffine(1, [2, 4]).forward(tf.tensor([1, 1])).value.print() // [3, 5]
 * ```
 */
export const elementwiseAffine = (shift: Numeric, scale: Numeric, shape?: Shape): Bijector => {
  const event = shape ?? broadcastShapes("elementwiseAffine: shift and scale", [shapeOf(shift), shapeOf(scale)])
  checkBroadcast("elementwiseAffine.shift", shapeOf(shift), event)
  checkBroadcast("elementwiseAffine.scale", shapeOf(scale), event)
  const zero = hostValues(scale)?.find((s) => s === 0 || !Number.isFinite(s))
  if (zero !== undefined) {
    throw new ArgumentError({ argument: "elementwiseAffine.scale", expected: "finite numbers other than 0", received: String(zero) })
  }
  const space = euclidean(event)
  const repeats = sizeOf(space.shape) / sizeOf(shapeOf(scale))
  const logDet = (s: tf.Tensor): tf.Tensor => tf.mul(tf.sum(tf.log(tf.abs(s))), repeats)
  return makeBijector({
    name: "elementwiseAffine",
    domain: space,
    codomain: space,
    forward: (x) => {
      const s = asTensor(scale)
      return { value: tf.add(tf.mul(x, s), asTensor(shift)), logDet: logDet(s) }
    },
    inverse: (y) => {
      const s = asTensor(scale)
      return { value: tf.div(tf.sub(y, asTensor(shift)), s), logDet: tf.neg(logDet(s)) }
    }
  })
}
