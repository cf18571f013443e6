/**
 * The double moon given which moon, how much noise and how tall: p(x | moon, noise, dilation). The angle is uniform on (0, π); the upper
 * moon (0) is (cos t − ½, dilation · sin t − ¼), the lower one (1) its negative; both coordinates have normal noise.
 */
import * as tf from "@tensorflow/tfjs-core"
import { deterministic, model, sample } from "pushforward"
import { Bernoulli, Normal, Uniform } from "pushforward/distributions"
import { upperMoonLogProb } from "./doubleMoonDistribution.ts"
import { type Moon, moonLogDensity, moonPoint } from "./moons.ts"
import { dilations, noises } from "./moonPrior.ts"
import type { ConditionalTarget } from "./target.ts"

const conditionalDoubleMoonModel = model(function* () {
  const moon = yield* sample("moon", Bernoulli(0))
  const noise = yield* sample("noise", Uniform(...noises))
  const dilation = yield* sample("dilation", Uniform(...dilations))
  const angle = yield* sample("angle", Uniform(0, Math.PI))
  const value = yield* sample("x", Normal(moonPoint(moon, angle, dilation), noise))
  const context = yield* deterministic("context", tf.stack([tf.cast(moon, "float32"), noise, dilation]))
  return { value, context }
})

/**
 * The context is [moon, noise, dilation], drawn from the prior: either moon, noise uniform on (0.05, 0.3), dilation on (0.5, 1.5).
 * `logDensity` is by quadrature over the angle to 1e-12, `logProb` by fixed nodes, to 1e-7 near the moon. The entropy, a mean over contexts, is by quadrature to 1e-7.
 */
export const conditionalDoubleMoon = {
  name: "conditional double moon",
  model: conditionalDoubleMoonModel(),
  logDensity: (x, context) => moonLogDensity(context[1]!, context[2]!)(x, context[0] as Moon),
  logProb: (x, context) => {
    const [moon, noise, dilation] = tf.unstack(context)
    return upperMoonLogProb(tf.mul(x, tf.sub(1, tf.mul(2, moon!))), noise!, dilation!)
  },
  entropy: 0.8085914
} satisfies ConditionalTarget
