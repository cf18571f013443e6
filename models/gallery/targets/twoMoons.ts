/**
 * Two moons with noise 0.06: half circles about (0, 0) and (1, ½), each point uniform in the angle, as by scikit-learn's
 * `make_moons(noise=0.06)`, but with the moon and the angle drawn.
 *
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.datasets.make_moons.html
 */
import * as tf from "@tensorflow/tfjs-core"
import { model, sample } from "pushforward"
import { Bernoulli, Normal, Uniform } from "pushforward/distributions"
import { float32, logAddExp } from "pushforward/math"
import { blurredCurveTensor } from "./blurredCurve.ts"
import { moonPoint, moonsLogDensity, upperMoon } from "./moons.ts"
import type { Target } from "./target.ts"

const noise = 0.06
const middle = [0.5, 0.25] as const

const twoMoonsModel = model(function* () {
  const moon = yield* sample("moon", Bernoulli(0))
  const angle = yield* sample("angle", Uniform(0, Math.PI))
  return yield* sample("x", Normal(tf.add(moonPoint(moon, angle, 1), float32(middle)), noise))
})

const logDensity = moonsLogDensity(noise, 1)
const upper = blurredCurveTensor(upperMoon(noise, 1), noise)

/** p(x), by quadrature over the angle to 1e-12. Its entropy is by quadrature to 1e-9. */
export const twoMoons = {
  name: "two moons",
  model: twoMoonsModel(),
  logDensity: (x) => logDensity([x[0]! - middle[0], x[1]! - middle[1]]),
  logProb: (x) => {
    const centred = tf.sub(x, float32(middle))
    return tf.sub(logAddExp(upper(centred), upper(tf.neg(centred))), float32(Math.LN2))
  },
  entropy: 0.4770460873
} satisfies Target
