import * as tf from "@tensorflow/tfjs-core"
import { positive } from "../constraint/index.ts"
import { constant } from "../trace/tensor.ts"
import type { Numeric } from "../trace/tensor.ts"
import type { Distribution } from "./distribution.ts"
import { elementwise } from "./elementwise.ts"
import { logGammaDraw, positiveExp } from "./gammaDraw.ts"
import { HALF_LOG_TWO_PI } from "./logarithms.ts"
import { deviance, stirlingError } from "./stirling.ts"

/** log(y p(y)) for y ~ Gamma(shape, 1): the density of log y. */
export const logGammaDensity = (y: tf.Tensor, shape: tf.Tensor): tf.Tensor => {
  const root = tf.sub(tf.mul(0.5, tf.log(shape)), constant(HALF_LOG_TWO_PI))
  return tf.sub(root, tf.add(deviance(shape, y), stirlingError(shape)))
}

/**
 * The gamma distribution: p(x) = rate^shape x^(shape−1) exp(−rate · x) / Γ(shape) on x > 0.
 *
 * Event shape: that of `shape` and `rate` broadcast together.
 *
 * @throws ArgumentError if `shape` or `rate` is not positive; ShapeError if they don't broadcast.
 */
export const Gamma = (shape: Numeric, rate: Numeric): Distribution<"real"> =>
  elementwise({
    name: "Gamma",
    kind: "real",
    support: positive,
    parameters: { shape: [shape, positive], rate: [rate, positive] },
    logDensity: (x, p) => tf.sub(logGammaDensity(tf.mul(p.rate, x), p.shape), tf.log(x)),
    draw: (noise, event, p) => positiveExp(tf.sub(logGammaDraw(noise, event, p.shape), tf.log(p.rate)))
  })
