/** Amortised posteriors of the double moon on unseen sets of points: held against the exact ones, and calibrated. */
import * as Effect from "effect/Effect"
import { type NDArray, prior } from "pushforward"
import { rank } from "../../../bench/calibration.ts"
import { type AmortisedMoons, moonsAt, sizes } from "./fit.ts"
import { c2st } from "./c2st.ts"
import { doubleMoonPoints } from "../targets/doubleMoonInference.ts"
import type { GridPosterior, Nodes } from "../targets/doubleMoonPosterior.ts"

/** Points [n, 2] with what they were drawn by. */
export interface MoonSet {
  readonly x: NDArray
  readonly noise: number
  readonly dilation: number
}

/** So many sets of the prior predictive, their sizes evenly spread in the logarithm. */
export const moonSets = (count: number, seed: number): Effect.Effect<ReadonlyArray<MoonSet>, Error> =>
  Effect.map(prior(doubleMoonPoints({ size: sizes.most }), { draws: count, seed }), ({ noise, dilation, x }) =>
    Array.from({ length: count }, (_, i) => {
      const size = Math.floor(sizes.fewest * ((sizes.most + 1) / sizes.fewest) ** ((i + 0.5) / count))
      const from = 2 * sizes.most * i
      return { x: { shape: [size, 2], data: x.data.slice(from, from + 2 * size) }, noise: noise.data[i]!, dilation: dilation.data[i]! }
    })
  )

/** How far a density is from the exact one. */
export interface Distance {
  /** KL(exact ‖ flow), in nats. */
  readonly forward: number
  /** KL(flow ‖ exact), in nats. */
  readonly reverse: number
  /** What the best of all classifiers reaches on draws of the two: (1 + total variation) / 2. */
  readonly bestClassifier: number
}

/** By quadrature on the nodes of the exact posterior, in float64. */
export const distanceOf = ({ logDensity, weight }: Nodes, logFlow: Float64Array): Distance => {
  let [forward, reverse, variation] = [0, 0, 0]
  weight.forEach((w, i) => {
    const [p, q] = [w * Math.exp(logDensity[i]!), w * Math.exp(logFlow[i]!)]
    if (p > 0) forward += p * (logDensity[i]! - logFlow[i]!)
    if (q > 0) reverse += q * (logFlow[i]! - logDensity[i]!)
    variation += Math.abs(p - q) / 2
  })
  return { forward, reverse, bestClassifier: (1 + variation) / 2 }
}

/** How many draws of each the classifier is trained and tested on. */
const compared = 1000

const columnsOf = (nodes: Nodes) => {
  const shape = [nodes.weight.length]
  return { noise: { shape, data: nodes.noise }, dilation: { shape, data: nodes.dilation } }
}

/** The draws of two sites as points. */
export const pointsOf = ({ noise, dilation }: { readonly noise: NDArray; readonly dilation: NDArray }): NDArray => ({
  shape: [noise.data.length, 2],
  data: Float64Array.from({ length: 2 * noise.data.length }, (_, i) => (i % 2 === 0 ? noise : dilation).data[i >> 1]!)
})

/** One set of points: the distance by quadrature, and the accuracy of a classifier by nearest neighbours. */
export const compare = (
  fitted: AmortisedMoons,
  { x }: MoonSet,
  exact: GridPosterior
): Effect.Effect<Distance & { readonly c2st: number }, Error> =>
  Effect.gen(function* () {
    const logFlow = yield* fitted.logDensities(moonsAt(x), columnsOf(exact.nodes))
    const draws = yield* fitted.draws(moonsAt(x), compared)
    return { ...distanceOf(exact.nodes, logFlow), c2st: c2st(yield* exact.draws(compared, 1), pointsOf(draws)) }
  })

/** Ranks run from 0 to this. */
export const rankedAmong = 199

/** The ranks of what sets of points were drawn by among draws of their posteriors: uniform, if these are right. */
export const ranksOf = (fitted: AmortisedMoons, sets: ReadonlyArray<MoonSet>) =>
  Effect.map(
    Effect.forEach(sets, ({ x, noise, dilation }, i) =>
      Effect.map(fitted.draws(moonsAt(x), rankedAmong, { seed: i }), (draws) => ({
        noise: rank(noise, draws.noise.data),
        dilation: rank(dilation, draws.dilation.data)
      }))
    ),
    (all) => ({ noise: all.map(({ noise }) => noise), dilation: all.map(({ dilation }) => dilation) })
  )
