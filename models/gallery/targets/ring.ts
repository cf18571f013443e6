/**
 * Eight normal distributions of standard deviation 0.25 around the circle of radius 3: as a whole, given the mode, and given the radius.
 */
import * as tf from "@tensorflow/tfjs-core"
import { deterministic, model, sample } from "pushforward"
import { Categorical, Normal } from "pushforward/distributions"
import { float32 } from "pushforward/math"
import { logBesselI0, logBesselI0Tensor } from "./bessel.ts"
import type { ConditionalTarget, Target } from "./target.ts"

const radius = 3
const sd = 0.25
const modes = 8

const angles = Array.from({ length: modes }, (_, k) => (2 * Math.PI * k) / modes)
export const ringCentres: ReadonlyArray<readonly [number, number]> = angles.map((t) => [radius * Math.cos(t), radius * Math.sin(t)])

const equalWeights = (): ReturnType<typeof Categorical> => Categorical(angles.map(() => 0))

const logNormal = -Math.log(2 * Math.PI * sd ** 2)
const logSumExp = (terms: ReadonlyArray<number>): number => {
  const largest = Math.max(...terms)
  return largest + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - largest), 0))
}
const exponent = (x: ArrayLike<number>, [a, b]: readonly [number, number]): number => -((x[0]! - a) ** 2 + (x[1]! - b) ** 2) / (2 * sd ** 2)
const exponents = (x: tf.Tensor): tf.Tensor => tf.mul(tf.sum(tf.square(tf.sub(float32(ringCentres), x)), 1), float32(-0.5 / sd ** 2))

const ringModel = model(function* () {
  const mode = yield* sample("mode", equalWeights())
  return yield* sample("x", Normal(tf.gather(float32(ringCentres), mode), sd))
})

/** p(x). Its entropy is by quadrature to 1e-9. */
export const ring = {
  name: "ring",
  model: ringModel(),
  logDensity: (x) => logNormal - Math.log(modes) + logSumExp(ringCentres.map((centre) => exponent(x, centre))),
  logProb: (x) => tf.add(tf.logSumExp(exponents(x)), float32(logNormal - Math.log(modes))),
  entropy: 2.1447167668
} satisfies Target

const ringByModeModel = model(function* () {
  const mode = yield* sample("mode", equalWeights())
  const context = yield* deterministic("context", tf.cast(tf.equal(tf.range(0, modes, 1, "int32"), mode), "float32"))
  const value = yield* sample("x", Normal(tf.gather(float32(ringCentres), mode), sd))
  return { value, context }
})

/** p(x | mode), the mode one-hot [8]. Its entropy is that of one normal distribution, 1 + log(2π 0.25²). */
export const ringByMode = {
  name: "ring given the mode",
  model: ringByModeModel(),
  logDensity: (x, context) => logNormal + exponent(x, ringCentres[Array.from(context).indexOf(1)]!),
  logProb: (x, context) => tf.add(tf.sum(tf.mul(exponents(x), context)), float32(logNormal)),
  entropy: 1 - logNormal
} satisfies ConditionalTarget

const ringByRadiusModel = model(function* () {
  const mode = yield* sample("mode", equalWeights())
  const value = yield* sample("x", Normal(tf.gather(float32(ringCentres), mode), sd))
  const context = yield* deterministic("context", tf.sqrt(tf.sum(tf.square(value), 0, true)))
  return { value, context }
})

/** How far a point of radius r is concentrated about the modes: that of von Mises distributions of the angle. */
const concentration = (r: number): number => (radius * r) / sd ** 2

/**
 * p(x | r), r the radius of the point itself: [1]. It is singular. Given r, x lies on the circle of radius r, where no density in the plane
 * exists: a flow's log density has no bound from above, and neither has a figure of merit that is made of it. What exists is the density
 * along the circle, by arc length: that of eight von Mises distributions of the angle with concentration 3r/0.25². `logDensity` and
 * `entropy` are with respect to arc length; the entropy of the ring is this one and that of r together. By quadrature to 1e-9.
 *
 * @see Mardia & Jupp 2000, "Directional Statistics", section 3.5.4.
 */
export const ringByRadius = {
  name: "ring given the radius",
  model: ringByRadiusModel(),
  logDensity: (x, context) => {
    const r = context[0]!
    const kappa = concentration(r)
    const angle = Math.atan2(x[1]!, x[0]!)
    const terms = angles.map((t) => kappa * (Math.cos(angle - t) - 1))
    return logSumExp(terms) - Math.log(modes * 2 * Math.PI * r) - logBesselI0(kappa)
  },
  logProb: (x, context) => {
    const r = tf.squeeze(context, [0])
    const cosines = tf.div(tf.squeeze(tf.matMul(float32(ringCentres), tf.expandDims(x, 1)), [1]), tf.mul(r, radius))
    const kappa = tf.mul(r, float32(radius / sd ** 2))
    const alongCircle = tf.logSumExp(tf.mul(kappa, tf.sub(cosines, 1)))
    return tf.sub(alongCircle, tf.add(tf.log(tf.mul(r, float32(modes * 2 * Math.PI))), logBesselI0Tensor(kappa)))
  },
  entropy: 2.1138240938
} satisfies ConditionalTarget
