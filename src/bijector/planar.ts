import * as tf from "@tensorflow/tfjs-core"
import { ShapeError } from "../errors.ts"
import { sameShape, showShape } from "../graph/shape.ts"
import { asTensor, shapeOf, type Numeric } from "../trace/tensor.ts"
import type { Bijector } from "./bijector.ts"
import { implicitRoot } from "./implicitRoot.ts"
import { euclidean, makeBijector } from "./make.ts"
import { slopeOf } from "./slopeOf.ts"

export interface PlanarParameters {
  /** The direction that is stretched, [d]. */
  readonly w: Numeric
  /** The direction along which points are moved, [d], made such that the map is invertible. */
  readonly u: Numeric
  /** Where it is stretched, a scalar. */
  readonly b: Numeric
}

/** Steps of Newton's method after which the root is exact to the last digit, for slopes from 0.001 to 10⁶. */
const steps = 15

/**
 * y = x + û tanh(wᵀx + b) on vectors, with û = u + (s − 1 − wᵀu) w / |w|², so that wᵀû = s − 1 with a slope s > 0, s = softplus(wᵀu + c) +
 * 0.001. The constant c makes s = 1 where u = 0: that is the identity. log |det J| = log(1 + (s − 1) sech²(wᵀx + b)).
 *
 * The inverse solves a + (s − 1) tanh a = wᵀy + b for the number a = wᵀx + b, then x = y − û tanh a. The function is odd, and convex or
 * concave on either side of 0, so that Newton's iterates approach the root from one side: 15 of them, compiled as a loop, whose gradient
 * is that of the root.
 *
 * @throws ShapeError if the parameters don't fit.
 * @see Rezende & Mohamed 2015, "Variational Inference with Normalizing Flows", eq. 10–12 and appendix A.1.
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs-core"
 * import { planar } from "pushforward/bijectors"
 *
 * planar({ w: [1, 0], u: [2, 0], b: 0 }).forward(tf.tensor([0, 3])).value.print() // [0, 3]
 * ```
 */
export const planar = ({ w, u, b }: PlanarParameters): Bijector => {
  const shape = shapeOf(w)
  const expectations = [
    ["planar.w", shape, [shape[0] ?? 0]],
    ["planar.u", shapeOf(u), shape],
    ["planar.b", shapeOf(b), []]
  ] as const
  for (const [where, received, expected] of expectations) {
    if (!sameShape(received, expected)) throw new ShapeError({ where, expected: showShape(expected), received: showShape(received) })
  }
  const parameters = () => {
    const [direction, free] = [asTensor(w), asTensor(u)]
    const along = tf.dot(direction, free)
    const slope = slopeOf(along)
    const square = tf.sum(tf.square(direction))
    // w = 0 leaves û = u: a translation
    const correction = tf.div(tf.sub(tf.sub(slope, 1), along), tf.where(tf.greater(square, 0), square, 1))
    return { direction, slope, stretch: tf.sub(slope, 1), offset: asTensor(b), move: tf.add(free, tf.mul(direction, correction)) }
  }
  /** log(tanh² a + s sech² a), in which nothing is subtracted. */
  const logDet = (t: tf.Tensor, slope: tf.Tensor): tf.Tensor =>
    tf.log(tf.add(tf.square(t), tf.mul(slope, tf.mul(tf.sub(1, t), tf.add(1, t)))))
  return makeBijector({
    name: "planar",
    domain: euclidean(shape),
    codomain: euclidean(shape),
    forward: (x) => {
      const { direction, slope, offset, move } = parameters()
      const t = tf.tanh(tf.add(tf.dot(direction, x), offset))
      return { value: tf.add(x, tf.mul(move, t)), logDet: logDet(t, slope) }
    },
    inverse: (y) => {
      const { direction, slope, stretch, offset, move } = parameters()
      const image = tf.add(tf.dot(direction, y), offset)
      const t = tf.tanh(argument(image, slope, stretch))
      return { value: tf.sub(y, tf.mul(move, t)), logDet: tf.neg(logDet(t, slope)) }
    }
  })
}

/**
 * The a with a + c tanh a = image, c = slope − 1 > −1, which has the image's sign and lies between |image| / slope and |image| − c. Where
 * c > 0 the function is concave above 0 and the search rises from the greater of the two, else it is convex and the search falls from the
 * less.
 */
const argument = (image: tf.Tensor, slope: tf.Tensor, stretch: tf.Tensor): tf.Tensor => {
  const sign = tf.sub(tf.mul(tf.cast(tf.greaterEqual(image, 0), "float32"), 2), 1)
  const size = tf.mul(image, sign)
  const [linear, far] = [tf.div(size, slope), tf.sub(size, stretch)]
  const start = tf.where(tf.greater(stretch, 0), tf.maximum(linear, far), tf.minimum(linear, far))
  const excess = (a: tf.Tensor) => {
    const t = tf.tanh(a)
    const value = tf.sub(tf.add(a, tf.mul(stretch, t)), size)
    return { value, slope: tf.add(tf.square(t), tf.mul(slope, tf.mul(tf.sub(1, t), tf.add(1, t)))) }
  }
  return tf.mul(sign, implicitRoot(excess, start, steps))
}
