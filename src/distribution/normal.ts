import * as tf from "@tensorflow/tfjs-core"
import { positive, real } from "../constraint/index.ts"
import { constant } from "../trace/tensor.ts"
import type { Numeric } from "../trace/tensor.ts"
import type { Cumulative, Distribution } from "./distribution.ts"
import { elementwise } from "./elementwise.ts"
import { HALF_LOG_TWO_PI } from "./logarithms.ts"
import { standardNormal } from "./normalTail.ts"

/** log of the normal density by component. */
export const normalLogDensity = (x: tf.Tensor, loc: tf.Tensor, scale: tf.Tensor): tf.Tensor =>
  tf.sub(tf.mul(-0.5, tf.square(tf.div(tf.sub(x, loc), scale))), tf.add(tf.log(scale), constant(HALF_LOG_TWO_PI)))

/** The distribution functions of loc + scale·Z. */
export const locationScale = (standard: Cumulative, loc: tf.Tensor, scale: tf.Tensor): Cumulative => {
  const standardised = (x: tf.Tensor): tf.Tensor => tf.div(tf.sub(x, loc), scale)
  const scaled = (z: tf.Tensor): tf.Tensor => tf.add(loc, tf.mul(scale, z))
  return {
    logCdf: (x) => standard.logCdf(standardised(x)),
    logSurvival: (x) => standard.logSurvival(standardised(x)),
    quantile: (logP) => scaled(standard.quantile(logP)),
    upperQuantile: (logP) => scaled(standard.upperQuantile(logP))
  }
}

/**
 * The normal distribution: p(x) = exp(−½((x − loc)/scale)²) / (scale √2π).
 *
 * Event shape: that of `loc` and `scale` broadcast together.
 *
 * @throws ArgumentError if `loc` is not finite or `scale` not positive; ShapeError if they don't broadcast.
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs-core"
 * import { Normal } from "pushforward/distributions"
 *
 * Normal(0, 5).logProb(tf.scalar(1.2)).print() // −2.557…
 * ```
 */
export const Normal = (loc: Numeric, scale: Numeric): Distribution<"real"> =>
  elementwise({
    name: "Normal",
    kind: "real",
    support: real,
    parameters: { loc: [loc, real], scale: [scale, positive] },
    logDensity: (x, p) => normalLogDensity(x, p.loc, p.scale),
    draw: (noise, shape, p) => tf.add(p.loc, tf.mul(p.scale, noise.normal(shape))),
    cumulative: (p) => locationScale(standardNormal, p.loc, p.scale)
  })
