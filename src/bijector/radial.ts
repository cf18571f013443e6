import * as tf from "@tensorflow/tfjs-core"
import { ArgumentError, ShapeError } from "../errors.ts"
import { sameShape, showShape } from "../graph/shape.ts"
import { asTensor, hostValues, shapeOf, type Numeric } from "../trace/tensor.ts"
import type { Bijector } from "./bijector.ts"
import { euclidean, makeBijector } from "./make.ts"
import { slopeOf } from "./slopeOf.ts"

export interface RadialParameters {
  /** The point from which it stretches or to which it contracts, [d]. */
  readonly centre: Numeric
  /** α, how far it reaches: a positive scalar. */
  readonly alpha: Numeric
  /** A scalar: contracts below 0, stretches above, the identity at 0. */
  readonly beta: Numeric
}

/**
 * y = x + β̂ (x − x₀) / (α + r), r = |x − x₀|, on vectors, with β̂ = α (s − 1) ≥ −α for a slope s > 0 at the centre x₀,
 * s = softplus(beta + c) + 0.001. The constant c makes s = 1 where beta = 0: that is the identity.
 *
 * With h = (r + αs) / (α + r), log |det J| = (d − 1) log h + log((r² + 2αr + α²s) / (α + r)²). The inverse is in closed form: distances
 * map as r ↦ r h, whose inverse is the root of a quadratic.
 *
 * @throws ArgumentError if `alpha` is not positive; ShapeError if the parameters don't fit.
 * @see Rezende & Mohamed 2015, "Variational Inference with Normalizing Flows", eq. 14 and appendix A.2.
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs-core"
 * import { radial } from "pushforward/bijectors"
 *
 * radial({ centre: [1, 1], alpha: 1, beta: 3 }).forward(tf.tensor([1, 1])).value.print() // [1, 1]
 * ```
 */
export const radial = ({ centre, alpha, beta }: RadialParameters): Bijector => {
  const shape = shapeOf(centre)
  const expectations = [
    ["radial.centre", shape, [shape[0] ?? 0]],
    ["radial.alpha", shapeOf(alpha), []],
    ["radial.beta", shapeOf(beta), []]
  ] as const
  for (const [where, received, expected] of expectations) {
    if (!sameShape(received, expected)) throw new ShapeError({ where, expected: showShape(expected), received: showShape(received) })
  }
  const bad = hostValues(alpha)?.find((a) => !(a > 0 && a < Infinity))
  if (bad !== undefined) throw new ArgumentError({ argument: "radial.alpha", expected: "a finite number above 0", received: String(bad) })
  const d = shape[0]!
  /** At the distance r: h, and log |det J|. */
  const at = (r: tf.Tensor, reach: tf.Tensor, slope: tf.Tensor) => {
    const sum = tf.add(reach, r)
    const stretch = tf.div(tf.add(r, tf.mul(reach, slope)), sum)
    const radially = tf.add(tf.mul(r, tf.add(r, tf.mul(reach, 2))), tf.mul(tf.square(reach), slope))
    const logDet = tf.sub(tf.log(radially), tf.mul(tf.log(sum), 2))
    return { stretch, logDet: d === 1 ? logDet : tf.add(tf.mul(tf.log(stretch), d - 1), logDet) }
  }
  return makeBijector({
    name: "radial",
    domain: euclidean(shape),
    codomain: euclidean(shape),
    forward: (x) => {
      const away = tf.sub(x, asTensor(centre))
      const { stretch, logDet } = at(norm(away), asTensor(alpha), slopeOf(asTensor(beta)))
      return { value: tf.add(asTensor(centre), tf.mul(away, stretch)), logDet }
    },
    inverse: (y) => {
      const [reach, slope] = [asTensor(alpha), slopeOf(asTensor(beta))]
      const away = tf.sub(y, asTensor(centre))
      const { stretch, logDet } = at(distance(norm(away), reach, slope), reach, slope)
      return { value: tf.add(asTensor(centre), tf.div(away, stretch)), logDet: tf.neg(logDet) }
    }
  })
}

/** |x|, with the gradient 0 at 0. */
const norm = (x: tf.Tensor): tf.Tensor => {
  const square = tf.sum(tf.square(x))
  const some = tf.greater(square, 0)
  return tf.where(some, tf.sqrt(tf.where(some, square, 1)), 0)
}

/**
 * The r ≥ 0 with r (r + αs) / (α + r) = ρ: the root of r² − (ρ − αs) r − αρ. Where ρ < αs the two terms of its numerator cancel, and the
 * other root is divided by instead.
 */
const distance = (rho: tf.Tensor, alpha: tf.Tensor, slope: tf.Tensor): tf.Tensor => {
  const p = tf.sub(rho, tf.mul(alpha, slope))
  const above = tf.greaterEqual(p, 0)
  const product = tf.mul(tf.mul(alpha, rho), 4)
  const larger = tf.add(tf.where(above, p, tf.neg(p)), tf.sqrt(tf.add(tf.square(p), product)))
  return tf.where(above, tf.mul(larger, 0.5), tf.div(tf.mul(product, 0.5), larger))
}
