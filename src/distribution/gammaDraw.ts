/** Draws of the gamma family in log space: a shape of 0.01 underflows any float. */
import * as tf from "@tensorflow/tfjs-core"
import type { Shape } from "../graph/types.ts"
import { gammaDerivative, stopGradient } from "../math/index.ts"
import type { Noise } from "../trace/noiseStream.ts"
import { constant } from "../trace/tensor.ts"

/** An attempt is accepted with probability 0.95 or more, so that all fail with probability below 1e−10. */
const ATTEMPTS = 8

/** Marsaglia and Tsang's proposals d v for a shape of at least 1, and the first that is accepted. Not differentiable. */
const rejection = (noise: Noise, shape: Shape, concentration: tf.Tensor): tf.Tensor => {
  const d = tf.sub(concentration, constant(1 / 3))
  const x = noise.normal([ATTEMPTS, ...shape])
  const root = tf.add(1, tf.div(x, tf.sqrt(tf.mul(9, d))))
  const positive = tf.greater(root, 0)
  const logV = tf.mul(3, tf.log(tf.where(positive, root, 1)))
  const v = tf.exp(logV)
  const bound = tf.add(tf.mul(0.5, tf.square(x)), tf.mul(d, tf.add(tf.sub(1, v), logV)))
  const accepted = tf.logicalAnd(positive, tf.less(tf.log(noise.uniform([ATTEMPTS, ...shape])), bound))
  const first = tf.logicalAnd(accepted, tf.equal(tf.cumsum(tf.cast(accepted, "float32"), 0), 1))
  const chosen = tf.sum(tf.where(first, v, 0), 0)
  return tf.mul(d, tf.where(tf.greater(chosen, 0), chosen, 1))
}

/**
 * The logarithm of draws from Gamma(concentration, 1), of the given shape. A concentration a < 1 is drawn as log G(a + 1) + log U / a.
 * The gradient of G(a) is the implicit one, −∂F/∂a / p: exact, although the draw comes from a rejection.
 *
 * @see Marsaglia & Tsang 2000, "A simple method for generating gamma variables"; Figurnov, Mohamed & Mnih 2018, "Implicit
 * reparameterization gradients", eq. 5.
 */
export const logGammaDraw = (noise: Noise, shape: Shape, concentration: tf.Tensor): tf.Tensor => {
  const small = tf.less(concentration, 1)
  const a = tf.where(small, tf.add(concentration, 1), concentration)
  const fixed = stopGradient(a)
  const g = stopGradient(rejection(noise, shape, fixed))
  const rate = stopGradient(tf.div(gammaDerivative(tf.broadcastTo(fixed, [...shape]), g), g))
  const logG = tf.add(tf.log(g), tf.mul(rate, tf.sub(a, fixed)))
  const boost = tf.div(tf.log(noise.uniform(shape)), tf.where(small, concentration, 1))
  return tf.add(logG, tf.where(small, boost, 0))
}

/** exp(x) among the positive normal numbers of float32: a draw that underflows stays in the support. */
export const positiveExp = (x: tf.Tensor): tf.Tensor => tf.exp(tf.clipByValue(x, -87, 88))

/** A share that underflows stays in the open simplex, in float32. */
export const aboveZero = (x: tf.Tensor): tf.Tensor => tf.maximum(x, constant(2 ** -126))

/** sigmoid(x) strictly between 0 and 1 in float32. */
export const openSigmoid = (x: tf.Tensor): tf.Tensor => tf.sigmoid(tf.clipByValue(x, -87, 16.6))
