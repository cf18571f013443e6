/** The targets in the plane: one draw as a model, and the log density as a tensor and in float64. */
import * as tf from "@tensorflow/tfjs-core"
import { model, sample } from "pushforward"
import { Normal } from "pushforward/distributions"
import { doubleMoon } from "../../models/gallery/targets/doubleMoon.ts"
import { letters } from "../../models/gallery/targets/letters.ts"
import { ring } from "../../models/gallery/targets/ring.ts"
import type { Target } from "../../models/gallery/targets/target.ts"
import { twoCircles } from "../../models/gallery/targets/twoCircles.ts"
import { twoMoons } from "../../models/gallery/targets/twoMoons.ts"
import type { PlaneId } from "../catalogue/menu.ts"

const logNormal = (x: number, mean: number, sd: number): number => -0.5 * ((x - mean) / sd) ** 2 - Math.log(sd * Math.sqrt(2 * Math.PI))

/** −E log p of a normal distribution. */
const normalEntropy = (sd: number): number => 0.5 + Math.log(sd * Math.sqrt(2 * Math.PI))

/** x₁ ~ Normal(0, 1.3), x₂ ~ Normal(x₁² − 2, 0.5): Haario et al. 1999, "Adaptive proposal distribution", with other numbers. */
const banana = {
  name: "banana",
  model: model(function* () {
    const x1 = yield* sample("x1", Normal(0, 1.3))
    const x2 = yield* sample("x2", Normal(tf.sub(tf.square(x1), 2), 0.5))
    return tf.stack([x1, x2])
  })(),
  logDensity: (x) => logNormal(x[0]!, 0, 1.3) + logNormal(x[1]!, x[0]! ** 2 - 2, 0.5),
  logProb: (x) => {
    const [x1, x2] = tf.unstack(x)
    return tf.add(Normal(0, 1.3).logProb(x1!), Normal(tf.sub(tf.square(x1!), 2), 0.5).logProb(x2!))
  },
  entropy: normalEntropy(1.3) + normalEntropy(0.5)
} satisfies Target

/** v ~ Normal(0, 3), x ~ Normal(0, exp(v/2)): Neal 2003, "Slice Sampling", section 8, in two dimensions; v is the second. */
const funnel = {
  name: "funnel",
  model: model(function* () {
    const v = yield* sample("v", Normal(0, 3))
    const x = yield* sample("across", Normal(0, tf.exp(tf.div(v, 2))))
    return tf.stack([x, v])
  })(),
  logDensity: (x) => logNormal(x[1]!, 0, 3) + logNormal(x[0]!, 0, Math.exp(x[1]! / 2)),
  logProb: (x) => {
    const [across, v] = tf.unstack(x)
    return tf.add(Normal(0, 3).logProb(v!), Normal(0, tf.exp(tf.div(v!, 2))).logProb(across!))
  },
  entropy: 2 * normalEntropy(1) + Math.log(3)
} satisfies Target

export const planeTargets: Readonly<Record<PlaneId, Target>> = {
  "double-moon": doubleMoon,
  ring,
  "two-moons": twoMoons,
  "two-circles": twoCircles,
  banana,
  funnel,
  letters: letters("FLOW")
}
