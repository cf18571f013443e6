import * as tf from "@tensorflow/tfjs-core"
import { interval, real } from "../constraint/index.ts"
import type { Numeric } from "../trace/tensor.ts"
import type { Distribution } from "./distribution.ts"
import { elementwise } from "./elementwise.ts"
import { negativeInfinity } from "./logarithms.ts"

/**
 * The uniform distribution on [low, high]: p(x) = 1/(high − low).
 *
 * Event shape: that of `low` and `high` broadcast together.
 *
 * @throws ArgumentError if a bound is not finite or `low` not below `high`; ShapeError if they don't broadcast.
 */
export const Uniform = (low: Numeric, high: Numeric): Distribution<"real"> =>
  elementwise({
    name: "Uniform",
    kind: "real",
    support: () => interval(low, high),
    parameters: { low: [low, real], high: [high, real] },
    logDensity: (_, p) => tf.neg(tf.log(tf.sub(p.high, p.low))),
    draw: (noise, shape, p) => tf.add(p.low, tf.mul(tf.sub(p.high, p.low), noise.uniform(shape))),
    cumulative: (p) => {
      const share = (part: tf.Tensor): tf.Tensor => {
        const ratio = tf.div(part, tf.sub(p.high, p.low))
        const none = tf.lessEqual(ratio, 0)
        return tf.where(none, negativeInfinity(), tf.log(tf.minimum(tf.where(none, 1, ratio), 1)))
      }
      const width = tf.sub(p.high, p.low)
      return {
        logCdf: (x) => share(tf.sub(x, p.low)),
        logSurvival: (x) => share(tf.sub(p.high, x)),
        quantile: (logP) => tf.add(p.low, tf.mul(width, tf.exp(logP))),
        upperQuantile: (logP) => tf.sub(p.high, tf.mul(width, tf.exp(logP)))
      }
    }
  })
