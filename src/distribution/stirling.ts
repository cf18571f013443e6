/**
 * Log densities of the gamma and binomial families by saddle points: every large term of log Γ cancels on paper, so that neither large
 * shapes nor large counts cost digits.
 *
 * @see Loader 2000, "Fast and accurate computation of binomial probabilities".
 */
import * as tf from "@tensorflow/tfjs-core"
import { lgamma } from "../math/index.ts"
import { constant } from "../trace/tensor.ts"
import { HALF_LOG_TWO_PI } from "./logarithms.ts"

/** B₂ₖ / (2k(2k−1)): Stirling's series in 1/x² (NIST DLMF 5.11.1); at 10 the first term left out is 2e−18. */
const SERIES = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400]
const ASYMPTOTIC = 10

export const horner = (x: tf.Tensor, coefficients: ReadonlyArray<number>): tf.Tensor =>
  coefficients
    .slice(0, -1)
    .reduceRight<tf.Tensor>((sum, c) => tf.add(tf.mul(sum, x), constant(c)), constant(coefficients[coefficients.length - 1]!))

/** What Stirling's formula leaves: log Γ(x) − (x − ½) log x + x − ½ log 2π, for x > 0. */
export const stirlingError = (x: tf.Tensor): tf.Tensor => {
  const far = tf.greaterEqual(x, ASYMPTOTIC)
  const large = tf.where(far, x, ASYMPTOTIC)
  const small = tf.where(far, 1, x)
  const direct = tf.sub(tf.add(lgamma(small), small), tf.add(tf.mul(tf.sub(small, 0.5), tf.log(small)), constant(HALF_LOG_TWO_PI)))
  return tf.where(far, tf.div(horner(tf.square(tf.div(1, large)), SERIES), large), direct)
}

/** k log(k/μ) − k + μ ≥ 0, half the Poisson deviance, for k > 0; ∞ where μ/k overflows. */
export const deviance = (k: tf.Tensor, mean: tf.Tensor): tf.Tensor => {
  const ratio = tf.div(mean, k)
  const huge = tf.greater(ratio, 1e18)
  const moderate = tf.where(huge, 1, ratio)
  return tf.mul(k, tf.where(huge, ratio, tf.sub(tf.sub(moderate, 1), tf.log(moderate))))
}

/** log B(a, b) = log Γ(a) + log Γ(b) − log Γ(a + b). */
export const logBeta = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => {
  const sum = tf.add(a, b)
  const errors = tf.sub(tf.add(stirlingError(a), stirlingError(b)), stirlingError(sum))
  const entropy = tf.add(tf.mul(a, tf.log1p(tf.div(b, a))), tf.mul(b, tf.log1p(tf.div(a, b))))
  const root = tf.mul(0.5, tf.sub(tf.log(sum), tf.add(tf.log(a), tf.log(b))))
  return tf.add(tf.sub(tf.add(errors, root), entropy), constant(HALF_LOG_TWO_PI))
}

/** log of rate^k exp(−rate) / k!, at k = 0 and at rate 0 too. */
export const poissonLogDensity = (k: tf.Tensor, rate: tf.Tensor): tf.Tensor => {
  const none = tf.equal(k, 0)
  const count = tf.where(none, 1, k)
  const root = tf.add(tf.mul(0.5, tf.log(count)), constant(HALF_LOG_TWO_PI))
  const some = tf.neg(tf.add(deviance(count, tf.where(none, 1, rate)), tf.add(stirlingError(count), root)))
  return tf.where(none, tf.neg(rate), some)
}

/** log of C(a + b, a) p^a q^b for p + q = 1 and a, b ≥ 0, which need not be integers; p and q by their logarithms. */
export const binomialLogDensity = (a: tf.Tensor, b: tf.Tensor, logP: tf.Tensor, logQ: tf.Tensor): tf.Tensor => {
  const edge = tf.logicalOr(tf.equal(a, 0), tf.equal(b, 0))
  const [c, d] = [tf.where(edge, 1, a), tf.where(edge, 1, b)]
  // the deviance of a count k by log(mean/k)
  const fromLog = (k: tf.Tensor, log: tf.Tensor): tf.Tensor => tf.mul(k, tf.sub(tf.expm1(log), log))
  const deviances = tf.add(fromLog(c, tf.add(tf.log1p(tf.div(d, c)), logP)), fromLog(d, tf.add(tf.log1p(tf.div(c, d)), logQ)))
  const errors = tf.sub(stirlingError(tf.add(c, d)), tf.add(stirlingError(c), stirlingError(d)))
  const root = tf.sub(tf.mul(0.5, tf.log(tf.add(tf.div(1, c), tf.div(1, d)))), constant(HALF_LOG_TWO_PI))
  return tf.where(edge, tf.add(tf.mul(a, logP), tf.mul(b, logQ)), tf.sub(tf.add(errors, root), deviances))
}
