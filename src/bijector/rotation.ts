import * as tf from "@tensorflow/tfjs-core"
import { ShapeError } from "../errors.ts"
import { showShape } from "../graph/shape.ts"
import { asTensor, constant, shapeOf, type Numeric } from "../trace/tensor.ts"
import type { Bijector, Mapped } from "./bijector.ts"
import { euclidean, makeBijector } from "./make.ts"

/**
 * The plane turned by `angle`, in radians, anticlockwise: y = (x₁ cos − x₂ sin, x₁ sin + x₂ cos). The log-determinant is 0.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs-core"
 * import { rotation } from "pushforward/bijectors"
 *
 * rotation(Math.PI / 2).forward(tf.tensor([1, 0])).value.print() // [0, 1]
 * ```
 */
export const rotation = (angle: Numeric): Bijector => {
  if (shapeOf(angle).length > 0) {
    throw new ShapeError({ where: "rotation.angle", expected: "[]", received: showShape(shapeOf(angle)) })
  }
  const turned = (x: tf.Tensor, by: tf.Tensor): Mapped => {
    const quarter = tf.mul(tf.gather(x, [1, 0]), tf.tensor1d([-1, 1]))
    return { value: tf.add(tf.mul(x, tf.cos(by)), tf.mul(quarter, tf.sin(by))), logDet: constant(0) }
  }
  return makeBijector({
    name: "rotation",
    domain: euclidean([2]),
    codomain: euclidean([2]),
    forward: (x) => turned(x, asTensor(angle)),
    inverse: (y) => turned(y, tf.neg(asTensor(angle)))
  })
}
