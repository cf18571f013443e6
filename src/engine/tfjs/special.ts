/** Special functions that tfjs lacks, or has with an absolute error only, in float32. */
import * as tf from "@tensorflow/tfjs-core"

/** Σ cₖ xᵏ, constant term first. */
const polynomial = (x: tf.Tensor, coefficients: ReadonlyArray<number>): tf.Tensor =>
  coefficients.slice(0, -1).reduceRight((sum: tf.Tensor, c) => tf.add(tf.mul(sum, x), c), tf.fill(x.shape, coefficients.at(-1)!))

/** 2/√π · (−1)ⁿ / (n! (2n + 1)), n = 0 … 8. */
const series = [
  1.1283791670955126, -0.37612638903183754, 0.11283791670955126, -0.026866170645131252, 0.005223977625442188, -0.0008548327023450853,
  0.00012055332981789664, -1.4925650358406251e-5, 1.6462114365889247e-6
]

/** tfjs's own is right to 1.5e-7 (Abramowitz & Stegun 7.1.26): near 0, where that is no precision at all, Maclaurin's series. */
export const erf = (x: tf.Tensor): tf.Tensor => {
  const near = tf.less(tf.abs(x), 0.75)
  const inside = tf.where(near, x, 0)
  return tf.where(near, tf.mul(inside, polynomial(tf.square(inside), series)), tf.erf(x))
}

const centre = [
  1.50140941, 0.246640727, -0.00417768164, -0.00125372503, 0.00021858087, -4.39150654e-6, -3.5233877e-6, 3.43273939e-7, 2.81022636e-8
]
const tail = [
  2.83297682, 1.00167406, 0.00943887047, -0.0076224613, 0.00573950773, -0.00367342844, 0.00134934322, 0.000100950558, -0.000200214257
]

/** Giles 2010, "Approximating the erfinv function", single precision. */
export const erfinv = (x: tf.Tensor): tf.Tensor => {
  const w = tf.neg(tf.log(tf.mul(tf.sub(1, x), tf.add(1, x))))
  const central = tf.less(w, 5)
  const p = tf.where(
    central,
    polynomial(tf.sub(tf.where(central, w, 0), 2.5), centre),
    polynomial(tf.sub(tf.sqrt(tf.where(central, 5, w)), 3), tail)
  )
  const ends = tf.equal(tf.abs(x), 1)
  return tf.where(ends, tf.mul(x, Infinity), tf.mul(p, x))
}
