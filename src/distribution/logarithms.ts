/** Logarithms that keep their digits, with gradients that stay finite where the value does. */
import { log } from "../special/index.ts"
import * as tf from "@tensorflow/tfjs-core"
import { constant } from "../trace/tensor.ts"

export const LOG_TWO = Math.LN2
export const LOG_PI = log(Math.PI)
export const HALF_LOG_TWO_PI = 0.5 * log(2 * Math.PI)

export const negativeInfinity = (): tf.Tensor => constant(-Infinity)

/** c log x, with 0 log 0 = 0. */
export const xlogy = (c: tf.Tensor, x: tf.Tensor): tf.Tensor => {
  const zero = tf.logicalAnd(tf.equal(c, 0), tf.equal(x, 0))
  return tf.mul(c, tf.log(tf.where(zero, 1, x)))
}

/** c log(1 − x), with 0 log 0 = 0. */
export const xlog1my = (c: tf.Tensor, x: tf.Tensor): tf.Tensor => {
  const zero = tf.logicalAnd(tf.equal(c, 0), tf.equal(x, 1))
  return tf.mul(c, tf.log1p(tf.neg(tf.where(zero, 0, x))))
}

/**
 * log(1 − exp(x)) for x ≤ 0.
 *
 * @see Mächler 2012, "Accurately computing log(1 − exp(−|a|))", eq. 7.
 */
export const log1mExp = (x: tf.Tensor): tf.Tensor => {
  const near = tf.greater(x, constant(-LOG_TWO))
  return tf.where(near, tf.log(tf.neg(tf.expm1(tf.where(near, x, -1)))), tf.log1p(tf.neg(tf.exp(tf.where(near, -1, x)))))
}

/** log(1 + x²) without overflow of the square. */
export const log1pSquare = (x: tf.Tensor): tf.Tensor => {
  const size = tf.abs(x)
  const far = tf.greater(size, 1)
  const large = tf.where(far, size, 1)
  return tf.add(tf.mul(2, tf.log(large)), tf.log1p(tf.square(tf.where(far, tf.div(1, large), size))))
}
