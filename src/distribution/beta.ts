import * as tf from "@tensorflow/tfjs-core"
import { interval, positive } from "../constraint/index.ts"
import type { Numeric } from "../trace/tensor.ts"
import type { Distribution } from "./distribution.ts"
import { elementwise } from "./elementwise.ts"
import { logGammaDraw, openSigmoid } from "./gammaDraw.ts"
import { xlog1my, xlogy } from "./logarithms.ts"
import { binomialLogDensity } from "./stirling.ts"

/**
 * The beta distribution: p(x) = x^(a−1) (1 − x)^(b−1) / B(a, b) on the unit interval, a = `concentration1`, b = `concentration0`.
 *
 * Event shape: that of the parameters broadcast together. A draw is G₁/(G₁ + G₀) with gamma draws, formed in log space.
 *
 * @throws ArgumentError if a concentration is not positive; ShapeError if they don't broadcast.
 */
export const Beta = (concentration1: Numeric, concentration0: Numeric): Distribution<"real"> =>
  elementwise({
    name: "Beta",
    kind: "real",
    support: interval(0, 1),
    parameters: { concentration1: [concentration1, positive], concentration0: [concentration0, positive] },
    logDensity: (x, { concentration1: a, concentration0: b }) => {
      const [zero, one] = [tf.equal(x, 0), tf.equal(x, 1)]
      const end = tf.logicalOr(zero, one)
      const inner = tf.where(end, 0.5, x)
      const [logX, log1mX] = [tf.log(inner), tf.log1p(tf.neg(inner))]
      // 1/B(a, b) = C(a + b, a) ab/(a + b)
      const odds = tf.neg(tf.add(tf.log(tf.add(tf.div(1, a), tf.div(1, b))), tf.add(logX, log1mX)))
      const atEnd = tf.add(tf.add(xlogy(tf.sub(a, 1), x), xlog1my(tf.sub(b, 1), x)), tf.log(tf.where(zero, b, a)))
      return tf.where(end, atEnd, tf.add(binomialLogDensity(a, b, logX, log1mX), odds))
    },
    inside: 0.5,
    draw: (noise, shape, { concentration1: a, concentration0: b }) =>
      openSigmoid(tf.sub(logGammaDraw(noise, shape, a), logGammaDraw(noise, shape, b)))
  })
