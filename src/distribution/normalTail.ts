/** The standard normal's distribution function and its inverse in log space, to full precision in both tails. */
import * as tf from "@tensorflow/tfjs-core"
import { stopGradient } from "../math/index.ts"
import { constant } from "../trace/tensor.ts"
import type { Cumulative } from "./distribution.ts"
import { HALF_LOG_TWO_PI, log1mExp, LOG_TWO, negativeInfinity } from "./logarithms.ts"
import { horner } from "./stirling.ts"

/**
 * log(exp(x²) erfc(x)) − log t as a polynomial in 2t − 1, t = 2.5/(2.5 + x), for x ≥ 0: the Chebyshev interpolant of degree 25, computed
 * with 40 digits. Its error is below one unit of float64's last place.
 */
const TAIL = [
  -0.863668092167319, 0.7634037549319552, 0.1392529069645442, -0.01798380987801496, -0.023787984321988608, -0.0019463315872206878,
  0.004720977021531552, 0.0011575351791752503, -0.0010479622955922585, -0.00039519670690824543, 0.0002545209631229283,
  0.00011729576096046842, -6.631380973940509e-5, -3.182026946131186e-5, 1.791901926373311e-5, 7.851324521083237e-6, -4.771521901917237e-6,
  -1.721076546689958e-6, 1.1718098922183768e-6, 3.2507533131802937e-7, -2.429886939332491e-7, -5.1215243405998125e-8, 3.6933782124673934e-8,
  6.343213868244316e-9, -3.0063291761928607e-9, -4.823343555242251e-10
]

/** log erfc(x) for x ≥ 0. */
const logErfc = (x: tf.Tensor): tf.Tensor => {
  const t = tf.div(2.5, tf.add(x, 2.5))
  return tf.sub(tf.add(tf.log(t), horner(tf.sub(tf.mul(2, t), 1), TAIL)), tf.square(x))
}

/** log Φ(x). */
const logCdf = (x: tf.Tensor): tf.Tensor => {
  const negative = tf.less(x, 0)
  // not by abs, which has no derivative at 0
  const lower = tf.sub(logErfc(tf.mul(tf.where(negative, tf.neg(x), x), constant(Math.SQRT1_2))), constant(LOG_TWO))
  return tf.where(negative, lower, log1mExp(lower))
}

/** Newton's steps to the root of log Φ(x) = l, l ≤ −log 2. log Φ is concave, so from the left of the root they never pass it. */
const NEWTON_STEPS = 5

const lowerQuantile = (logP: tf.Tensor): tf.Tensor => {
  const impossible = tf.equal(logP, negativeInfinity())
  const l = tf.where(impossible, -1, logP)
  const step = (x: tf.Tensor): tf.Tensor => {
    const value = tf.sub(logErfc(tf.mul(tf.neg(x), constant(Math.SQRT1_2))), constant(LOG_TWO))
    const slope = tf.exp(tf.sub(tf.neg(tf.add(tf.mul(0.5, tf.square(x)), constant(HALF_LOG_TWO_PI))), value))
    return tf.minimum(tf.sub(x, tf.div(tf.sub(value, l), slope)), 0)
  }
  // Φ(−t) ≤ ½ exp(−t²/2)
  let x = tf.neg(tf.sqrt(tf.mul(-2, tf.minimum(tf.add(l, constant(LOG_TWO)), 0))))
  for (let i = 0; i < NEWTON_STEPS; i++) x = step(x)
  return tf.where(impossible, negativeInfinity(), x)
}

/** Φ⁻¹(exp(l)), ±∞ at its ends, with the gradient of the inverse function, dx/dl = Φ(x)/φ(x), between them. */
const quantile = (l: tf.Tensor): tf.Tensor => {
  const fixed = stopGradient(l)
  const upper = tf.greater(fixed, constant(-LOG_TWO))
  const half = lowerQuantile(tf.where(upper, log1mExp(tf.where(upper, fixed, -1)), fixed))
  const x = stopGradient(tf.where(upper, tf.neg(half), half))
  const end = tf.equal(tf.abs(x), constant(Infinity))
  const rate = tf.exp(tf.add(fixed, tf.add(tf.mul(0.5, tf.square(tf.where(end, 0, x))), constant(HALF_LOG_TWO_PI))))
  return tf.add(x, tf.where(end, 0, tf.mul(rate, tf.sub(l, fixed))))
}

export const standardNormal: Cumulative = {
  logCdf,
  logSurvival: (x) => logCdf(tf.neg(x)),
  quantile,
  upperQuantile: (logP) => tf.neg(quantile(logP))
}
