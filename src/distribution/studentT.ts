import * as tf from "@tensorflow/tfjs-core"
import { positive, real } from "../constraint/index.ts"
import { constant } from "../trace/tensor.ts"
import type { Numeric } from "../trace/tensor.ts"
import type { Distribution } from "./distribution.ts"
import { elementwise } from "./elementwise.ts"
import { logGammaDraw } from "./gammaDraw.ts"
import { HALF_LOG_TWO_PI, log1pSquare } from "./logarithms.ts"
import { stirlingError } from "./stirling.ts"

/** log Γ((ν + 1)/2) − log Γ(ν/2) − ½ log νπ, without the cancellation: −½ log 2π as ν → ∞. */
const logNormaliser = (df: tf.Tensor): tf.Tensor => {
  const half = tf.mul(0.5, df)
  const errors = tf.sub(stirlingError(tf.add(half, 0.5)), stirlingError(half))
  return tf.add(errors, tf.sub(tf.mul(half, tf.log1p(tf.div(1, df))), constant(0.5 + HALF_LOG_TWO_PI)))
}

/**
 * Student's t: p(x) ∝ (1 + z²/df)^(−(df + 1)/2) / scale, z = (x − loc)/scale.
 *
 * Event shape: that of the parameters broadcast together. A draw is loc + scale · Z / √(G/(df/2)), Z normal, G ~ Gamma(df/2, 1).
 *
 * @throws ArgumentError if `loc` is not finite, `df` or `scale` not positive; ShapeError if they don't broadcast.
 */
export const StudentT = (df: Numeric, loc: Numeric, scale: Numeric): Distribution<"real"> =>
  elementwise({
    name: "StudentT",
    kind: "real",
    support: real,
    parameters: { df: [df, positive], loc: [loc, real], scale: [scale, positive] },
    logDensity: (x, p) => {
      const z = tf.div(tf.sub(x, p.loc), p.scale)
      const tail = tf.mul(tf.mul(0.5, tf.add(p.df, 1)), log1pSquare(tf.div(z, tf.sqrt(p.df))))
      return tf.sub(logNormaliser(p.df), tf.add(tail, tf.log(p.scale)))
    },
    draw: (noise, shape, p) => {
      const half = tf.mul(0.5, p.df)
      const logStretch = tf.mul(0.5, tf.sub(tf.log(half), logGammaDraw(noise, shape, half)))
      return tf.add(p.loc, tf.mul(p.scale, tf.mul(noise.normal(shape), tf.exp(logStretch))))
    }
  })
