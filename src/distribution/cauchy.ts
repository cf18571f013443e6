import * as tf from "@tensorflow/tfjs-core"
import { positive, real } from "../constraint/index.ts"
import { constant } from "../trace/tensor.ts"
import type { Numeric } from "../trace/tensor.ts"
import type { Cumulative, Distribution } from "./distribution.ts"
import { elementwise } from "./elementwise.ts"
import { LOG_PI, log1pSquare } from "./logarithms.ts"
import { locationScale } from "./normal.ts"

/** log of the Cauchy density by component. */
export const cauchyLogDensity = (x: tf.Tensor, loc: tf.Tensor, scale: tf.Tensor): tf.Tensor =>
  tf.neg(tf.add(log1pSquare(tf.div(tf.sub(x, loc), scale)), tf.add(tf.log(scale), constant(LOG_PI))))

/** P(Z ≤ z) = ½ + atan(z)/π, by atan(1/z) where |z| > 1. */
const logCdf = (z: tf.Tensor): tf.Tensor => {
  const far = tf.greater(tf.abs(z), 1)
  const low = tf.less(z, 0)
  const inPi = (angle: tf.Tensor): tf.Tensor => tf.div(angle, constant(Math.PI))
  const tail = inPi(tf.atan(tf.div(1, tf.where(far, tf.abs(z), 1))))
  const centre = tf.log(tf.add(0.5, inPi(tf.atan(tf.where(far, 0, z)))))
  return tf.where(far, tf.where(low, tf.log(tail), tf.log1p(tf.neg(tail))), centre)
}

const quantile = (logP: tf.Tensor): tf.Tensor => tf.div(-1, tf.tan(tf.mul(constant(Math.PI), tf.exp(logP))))

const standardCauchy: Cumulative = {
  logCdf,
  logSurvival: (z) => logCdf(tf.neg(z)),
  quantile,
  upperQuantile: (logP) => tf.neg(quantile(logP))
}

/**
 * The Cauchy distribution: p(x) = 1 / (π scale (1 + ((x − loc)/scale)²)).
 *
 * Event shape: that of `loc` and `scale` broadcast together.
 *
 * @throws ArgumentError if `loc` is not finite or `scale` not positive; ShapeError if they don't broadcast.
 */
export const Cauchy = (loc: Numeric, scale: Numeric): Distribution<"real"> =>
  elementwise({
    name: "Cauchy",
    kind: "real",
    support: real,
    parameters: { loc: [loc, real], scale: [scale, positive] },
    logDensity: (x, p) => cauchyLogDensity(x, p.loc, p.scale),
    draw: (noise, shape, p) => tf.add(p.loc, tf.mul(p.scale, tf.tan(tf.mul(constant(Math.PI), tf.sub(noise.uniform(shape), 0.5))))),
    cumulative: (p) => locationScale(standardCauchy, p.loc, p.scale)
  })
