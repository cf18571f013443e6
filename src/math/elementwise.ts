import * as tf from "@tensorflow/tfjs-core"
import type { Numeric } from "../trace/tensor.ts"
import { asTensor } from "../trace/tensor.ts"
import { operation } from "../trace/operation.ts"

/**
 * log |Γ(x)|, elementwise.
 *
 * @example
 * ```ts
 * import { lgamma } from "pushforward/math"
 *
 * lgamma(5).print() // log 24
 * ```
 */
export const lgamma = (x: Numeric): tf.Tensor => operation("lgamma", [asTensor(x)])

/** ψ(x) = d log Γ(x) / dx, elementwise. */
export const digamma = (x: Numeric): tf.Tensor => operation("digamma", [asTensor(x)])

/** The inverse of the error function on (−1, 1), elementwise; ±∞ at ±1, NaN beyond. */
export const erfinv = (x: Numeric): tf.Tensor => operation("erfinv", [asTensor(x)])

/** log(exp a + exp b) without overflow; −∞ where both are. Where a and b are near, by a form that is smooth where they are equal. */
export const logAddExp = (a: Numeric, b: Numeric): tf.Tensor => {
  const [x, y] = [asTensor(a), asTensor(b)]
  const greater = tf.maximum(x, y)
  const finite = tf.isFinite(greater)
  const difference = tf.where(finite, tf.sub(y, x), tf.zerosLike(greater))
  const distance = tf.abs(difference)
  const near = tf.less(distance, 1)
  const nearby = tf.add(x, tf.softplus(tf.where(near, difference, tf.zerosLike(greater))))
  const apart = tf.add(greater, tf.log1p(tf.exp(tf.neg(distance))))
  return tf.where(finite, tf.where(near, nearby, apart), greater)
}

/**
 * dx/da of a draw x of Gamma(a, 1) at a fixed value of its distribution function: −(∂P(a, x)/∂a) / p(x). It carries no gradient itself.
 *
 * @see Figurnov, Mohamed & Mnih 2018, "Implicit Reparameterization Gradients", eq. 5.
 */
export const gammaDerivative = (a: Numeric, x: Numeric): tf.Tensor => operation("gammaDerivative", [asTensor(a), asTensor(x)])
