/**
 * The double moon by an unnormalised density: log Normal(r; 1, 0.1), r the distance from the origin after adding 0.5 to x₁ above the axis
 * and subtracting it below. Its moons are half rings of radius 1 about (∓0.5, 0).
 */
import * as tf from "@tensorflow/tfjs-core"
import { deterministic, model, sample } from "pushforward"
import { Bernoulli, Normal, Uniform } from "pushforward/distributions"
import { float32 } from "pushforward/math"
import type { Target } from "./target.ts"

const shift = 0.5
const sd = 0.1
const logNormal = -Math.log(sd) - Math.log(2 * Math.PI) / 2

/** log Normal(r; 1, 0.1) of one point [2]: the log density but for its normaliser. */
export const doubleMoonUnnormalised = (x: tf.Tensor): tf.Tensor => {
  const [x1, x2] = tf.unstack(x)
  const r = tf.sqrt(tf.add(tf.square(tf.add(x1!, tf.where(tf.greater(x2!, 0), shift, -shift))), tf.square(x2!)))
  return tf.sub(float32(logNormal), tf.mul(tf.square(tf.div(tf.sub(r, 1), sd)), 0.5))
}

/**
 * The log of its integral. Either half ring has π ∫ r N(r; 1, 0.1) dr over r > 0, which is π but for 1e-23: together 2π.
 */
export const doubleMoonLogNormaliser = Math.log(2 * Math.PI)

/**
 * The radius has density (1 + s) N(s; 0, 0.1), s = r − 1: a normal draw whose sign is turned with probability (1 − s)/2 has this density
 * wherever |s| < 1, ten standard deviations.
 */
const doubleMoonModel = model(function* () {
  const deviation = yield* sample("deviation", Normal(0, sd))
  const kept = yield* sample("kept", Uniform(0, 1))
  const upper = yield* sample("upper", Bernoulli(0))
  const angle = yield* sample("angle", Uniform(0, Math.PI))
  const s = tf.where(tf.less(kept, tf.div(tf.add(1, deviation), 2)), deviation, tf.neg(deviation))
  const r = tf.add(1, s)
  const point = tf.stack([tf.sub(tf.mul(r, tf.cos(angle)), shift), tf.mul(r, tf.sin(angle))])
  return yield* deterministic("x", tf.where(tf.equal(upper, 1), point, tf.neg(point)))
})

/** The normalised density. Its entropy is exact: log 2π + log 0.1 + ½ log 2π + ½, since s² has mean 0.1². */
export const doubleMoon = {
  name: "double moon",
  model: doubleMoonModel(),
  logDensity: (x) => {
    const r = Math.hypot(x[0]! + (x[1]! > 0 ? shift : -shift), x[1]!)
    return logNormal - 0.5 * ((r - 1) / sd) ** 2 - doubleMoonLogNormaliser
  },
  logProb: (x) => tf.sub(doubleMoonUnnormalised(x), float32(doubleMoonLogNormaliser)),
  entropy: doubleMoonLogNormaliser - logNormal + 0.5
} satisfies Target
