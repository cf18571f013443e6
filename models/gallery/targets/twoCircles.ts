/**
 * Two circles about the origin, radii 1 and 0.5 with normal noise 0.05, standardised: as by scikit-learn's `make_circles(factor=0.5,
 * noise=0.05)`, but with the circle and the angle drawn, and by the distribution's own mean and standard deviation rather than the data's.
 *
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.datasets.make_circles.html
 */
import * as tf from "@tensorflow/tfjs-core"
import { deterministic, model, sample } from "pushforward"
import { Bernoulli, Normal, Uniform } from "pushforward/distributions"
import { float32, logAddExp } from "pushforward/math"
import { logBesselI0, logBesselI0Tensor } from "./bessel.ts"
import type { Target } from "./target.ts"

const radii = [1, 0.5] as const
const noise = 0.05

/** Of either coordinate: half the mean square radius, and the noise. */
const sd = Math.sqrt((radii[0] ** 2 + radii[1] ** 2) / 4 + noise ** 2)

const twoCirclesModel = model(function* () {
  const circle = yield* sample("circle", Bernoulli(0))
  const angle = yield* sample("angle", Uniform(0, 2 * Math.PI))
  const radius = tf.gather(float32(radii), circle)
  const point = yield* sample("point", Normal(tf.mul(radius, tf.stack([tf.cos(angle), tf.sin(angle)])), noise))
  return yield* deterministic("x", tf.div(point, float32(sd)))
})

const constant = -Math.log((4 * Math.PI * noise ** 2) / sd ** 2)

/** log p at a distance r from the origin but for the constant, up to which circle it is: −(r − ρ)²/2σ² + log e^−κ I₀(κ), κ = rρ/σ². */
const ofCircle = (r: number, rho: number): number => -0.5 * ((r - rho) / noise) ** 2 + logBesselI0((r * rho) / noise ** 2)

const ofCircleTensor = (r: tf.Tensor, rho: number): tf.Tensor => {
  const logMean = logBesselI0Tensor(tf.mul(r, float32(rho / noise ** 2)))
  return tf.sub(logMean, tf.mul(tf.square(tf.sub(r, rho)), float32(0.5 / noise ** 2)))
}

/** p(x). Its entropy is by quadrature to 1e-9. */
export const twoCircles = {
  name: "two circles",
  model: twoCirclesModel(),
  logDensity: (x) => {
    const r = sd * Math.hypot(x[0]!, x[1]!)
    const [a, b] = [ofCircle(r, radii[0]), ofCircle(r, radii[1])]
    return constant + Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)))
  },
  logProb: (x) => {
    const r = tf.mul(tf.sqrt(tf.sum(tf.square(x))), float32(sd))
    return tf.add(logAddExp(ofCircleTensor(r, radii[0]), ofCircleTensor(r, radii[1])), float32(constant))
  },
  entropy: 1.7612590761
} satisfies Target
