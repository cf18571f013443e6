/**
 * The swiss roll: (t cos t, 21 h, t sin t) with t uniform on (1.5π, 4.5π), h on (0, 1), and normal noise 0.5, as by scikit-learn's
 * `make_swiss_roll(noise=0.5)`.
 *
 * @see Marsland 2009, "Machine Learning: An Algorithmic Perspective", chapter 10;
 * https://scikit-learn.org/stable/modules/generated/sklearn.datasets.make_swiss_roll.html
 */
import * as tf from "@tensorflow/tfjs-core"
import { model, sample } from "pushforward"
import { Normal, Uniform } from "pushforward/distributions"
import { blurredCurve, blurredCurveTensor, nodesFor, sampleCurve } from "./blurredCurve.ts"
import { gaussLegendre } from "./quadrature.ts"
import type { Target } from "./target.ts"

const noise = 0.5
const [from, to] = [1.5 * Math.PI, 4.5 * Math.PI]
const width = 21

const swissRollModel = model(function* () {
  const t = yield* sample("t", Uniform(from, to))
  const height = yield* sample("height", Uniform(0, width))
  return yield* sample("x", Normal(tf.stack([tf.mul(t, tf.cos(t)), height, tf.mul(t, tf.sin(t))]), noise))
})

const spiral = sampleCurve(
  (t) => [t * Math.cos(t), t * Math.sin(t)],
  gaussLegendre(nodesFor(to - from, Math.hypot(1, to), noise), from, to)
)
const segment = sampleCurve((h) => [h], gaussLegendre(nodesFor(width, 1, noise), 0, width))

/** log p(x₁, x₃) and log p(x₂): the density is their product. */
export const ofSpiral = blurredCurve(spiral, noise)
export const ofHeight = blurredCurve(segment, noise)

const spiralTensor = blurredCurveTensor(spiral, noise)
const heightTensor = blurredCurveTensor(segment, noise)

/** p(x), by quadrature over t and h to 1e-12. Its entropy is by quadrature to 1e-8. */
export const swissRoll = {
  name: "swiss roll",
  model: swissRollModel(),
  logDensity: (x) => ofSpiral([x[0]!, x[2]!]) + ofHeight([x[1]!]),
  logProb: (x) => tf.add(spiralTensor(tf.gather(x, tf.tensor1d([0, 2], "int32"))), heightTensor(tf.slice(x, [1], [1]))),
  entropy: 8.2744976441
} satisfies Target
