import * as tf from "@tensorflow/tfjs-core"
import { nonnegative, positive } from "../constraint/index.ts"
import type { Numeric } from "../trace/tensor.ts"
import type { Distribution } from "./distribution.ts"
import { elementwise } from "./elementwise.ts"
import { log1mExp, negativeInfinity } from "./logarithms.ts"

/**
 * The exponential distribution: p(x) = rate · exp(−rate · x) on x ≥ 0.
 *
 * Event shape: that of `rate`.
 *
 * @throws ArgumentError if `rate` is not positive.
 */
export const Exponential = (rate: Numeric): Distribution<"real"> =>
  elementwise({
    name: "Exponential",
    kind: "real",
    support: nonnegative,
    parameters: { rate: [rate, positive] },
    logDensity: (x, p) => tf.sub(tf.log(p.rate), tf.mul(p.rate, x)),
    draw: (noise, shape, p) => tf.div(tf.neg(tf.log(noise.uniform(shape))), p.rate),
    cumulative: (p) => {
      const logSurvival = (x: tf.Tensor): tf.Tensor => tf.neg(tf.mul(p.rate, tf.relu(x)))
      return {
        logSurvival,
        logCdf: (x) => {
          const out = tf.lessEqual(x, 0)
          return tf.where(out, negativeInfinity(), log1mExp(logSurvival(tf.where(out, 1, x))))
        },
        quantile: (logP) => tf.div(tf.neg(log1mExp(logP)), p.rate),
        upperQuantile: (logP) => tf.div(tf.neg(logP), p.rate)
      }
    }
  })
