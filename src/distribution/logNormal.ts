import * as tf from "@tensorflow/tfjs-core"
import { positive, real } from "../constraint/index.ts"
import type { Numeric } from "../trace/tensor.ts"
import type { Distribution } from "./distribution.ts"
import { elementwise } from "./elementwise.ts"
import { negativeInfinity } from "./logarithms.ts"
import { locationScale, normalLogDensity } from "./normal.ts"
import { standardNormal } from "./normalTail.ts"

/**
 * The distribution of exp(X), X ~ Normal(loc, scale).
 *
 * Event shape: that of the parameters broadcast together.
 *
 * @throws ArgumentError if `loc` is not finite or `scale` not positive; ShapeError if they don't broadcast.
 */
export const LogNormal = (loc: Numeric, scale: Numeric): Distribution<"real"> =>
  elementwise({
    name: "LogNormal",
    kind: "real",
    support: positive,
    parameters: { loc: [loc, real], scale: [scale, positive] },
    logDensity: (x, p) => tf.sub(normalLogDensity(tf.log(x), p.loc, p.scale), tf.log(x)),
    draw: (noise, shape, p) => tf.exp(tf.add(p.loc, tf.mul(p.scale, noise.normal(shape)))),
    cumulative: (p) => {
      const ofLog = locationScale(standardNormal, p.loc, p.scale)
      const above = (f: (x: tf.Tensor) => tf.Tensor, below: tf.Tensor | number) => (x: tf.Tensor) => {
        const out = tf.lessEqual(x, 0)
        return tf.where(out, below, f(tf.log(tf.where(out, 1, x))))
      }
      return {
        logCdf: above(ofLog.logCdf, negativeInfinity()),
        logSurvival: above(ofLog.logSurvival, 0),
        quantile: (logP) => tf.exp(ofLog.quantile(logP)),
        upperQuantile: (logP) => tf.exp(ofLog.upperQuantile(logP))
      }
    }
  })
