/** Conditional flows for variational inference: one flow for the posteriors of all sets of points of the double moon. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { forwardKL, type NDArray, Progress, refinedKL } from "pushforward"
import { calibrationRanks, pairPlot } from "pushforward/plot"
import { histogram, uniformity } from "../../../bench/calibration.ts"
import { fitMoons, moonsAt } from "./fit.ts"
import { compare, type MoonSet, moonSets, rankedAmong, ranksOf } from "./judged.ts"
import type { Entry, Figure } from "../entry.ts"
import { estimateOf } from "../estimate.ts"
import { doubleMoonPosterior, type GridPosterior } from "../targets/doubleMoonPosterior.ts"

/** What a flow is trained by. The ELBO's begins with the forward KL, from which it knows where the mass is: alone it takes far longer. */
const ways = [
  { name: "ELBO", objective: refinedKL({ forward: 0.4 }), steps: 16_000, learningRate: 0.002 },
  { name: "forward KL", objective: forwardKL(), steps: 40_000, learningRate: 0.0015 }
] as const

/** Unseen sets, those that have an exact posterior and those that are only ranked. */
const unseen = { compared: 100, ranked: 400, bins: 20 } as const

interface Known {
  readonly set: MoonSet
  readonly exact: GridPosterior
}

const exactPosteriors = (sets: ReadonlyArray<MoonSet>): Effect.Effect<ReadonlyArray<Known>> =>
  Effect.scoped(
    Effect.gen(function* () {
      const task = yield* (yield* Progress).start("exact posteriors", sets.length)
      return yield* Effect.forEach(sets, (set, i) =>
        Effect.sync(() => {
          const {
            shape: [size = 0],
            data
          } = set.x
          const exact = doubleMoonPosterior(Array.from({ length: size }, (_, k) => data.subarray(2 * k, 2 * k + 2)))
          task.update(i + 1, "")
          return { set, exact }
        }).pipe(Effect.tap(() => Effect.yieldNow))
      )
    })
  )

const columns = ({ data }: NDArray) => {
  const column = (j: number): NDArray => ({
    shape: [data.length / 2],
    data: Float64Array.from({ length: data.length / 2 }, (_, i) => data[2 * i + j]!)
  })
  return { noise: column(0), dilation: column(1) }
}

/** The smallest, the middle and the largest set. */
const shownOf = (known: ReadonlyArray<Known>): ReadonlyArray<Known> => [0, 0.5, 1].map((at) => known[Math.round(at * (known.length - 1))]!)

export const amortisedMoons: Entry = {
  name: "amortised-moons",
  title: "Conditional flows for variational inference",
  about:
    "From 5 to 500 points of the double moon, how much noise and how tall? Moon and angle of each point are summed out by quadrature. An encoder that knows no order makes a context of the points, and a conditional flow gives the posterior at once: one flow trained by the reparameterised ELBO on fresh sets of the prior predictive (its first steps by the forward KL divergence), one by the forward KL divergence throughout, both held against the exact posterior of sets that they have not seen.",
  run: Effect.gen(function* () {
    const known = yield* exactPosteriors(yield* moonSets(unseen.compared, 2_000_000))
    const ranked = yield* moonSets(unseen.ranked, 3_000_000)
    const trained = yield* Effect.forEach(ways, ({ name, objective, ...options }) =>
      Effect.gen(function* () {
        const [time, fitted] = yield* Effect.timed(fitMoons(objective, options))
        const distances = yield* Effect.forEach(known, ({ set, exact }) => compare(fitted, set, exact))
        return { name, fitted, distances, ranks: yield* ranksOf(fitted, ranked), seconds: Duration.toSeconds(time) }
      })
    )
    const figures = trained.flatMap(({ name, distances, seconds }): ReadonlyArray<Figure> => {
      const figure = (what: string, of: (d: (typeof distances)[number]) => number, limit: number, unit: string): Figure => ({
        entry: `amortised-moons, ${name}, ${what}`,
        ours: estimateOf(distances.map(of)),
        limit,
        unit,
        seconds
      })
      return [
        figure("KL(exact ‖ flow)", (d) => d.forward, 0, "KL divergences in nats, means over 100 unseen sets"),
        figure("KL(flow ‖ exact)", (d) => d.reverse, 0, "KL divergences in nats, means over 100 unseen sets"),
        figure("C2ST", (d) => d.c2st, 0.5, "C2ST, the accuracy of a classifier by nearest neighbours; 0.5 is that of guessing"),
        figure("best classifier", (d) => d.bestClassifier, 0.5, "best classifier, the accuracy that none can exceed, by quadrature")
      ]
    })
    const pairs = yield* Effect.forEach(shownOf(known), ({ set, exact }) =>
      Effect.gen(function* () {
        const size = set.x.shape[0]!
        const flows = yield* Effect.forEach(trained, ({ name, fitted }) =>
          Effect.map(fitted.draws(moonsAt(set.x), 4000), (draws) => [name, draws] as const)
        )
        return {
          name: `posterior-${size}`,
          caption: `The posterior given ${size} points: exact draws, and those of the two flows; the lines are where the points came from.`,
          specification: pairPlot(
            { exact: columns(yield* exact.draws(4000, 2)), ...Object.fromEntries(flows) },
            { truth: { noise: set.noise, dilation: set.dilation }, title: `${size} points` }
          )
        }
      })
    )
    const pValues = trained.flatMap(({ name, ranks }) =>
      Object.entries(ranks).map(
        ([quantity, of]) => `${quantity} by ${name} ${uniformity(histogram(of, rankedAmong, unseen.bins)).toFixed(2)}`
      )
    )
    return {
      figures,
      pictures: [
        ...pairs,
        ...trained.map(({ name, ranks }) => ({
          name: `ranks-${name.replaceAll(" ", "-")}`,
          caption: `Where the truth lies among draws of the flow trained by the ${name}, over ${unseen.ranked} unseen sets.`,
          specification: calibrationRanks(ranks, { draws: rankedAmong, title: `Trained by the ${name}` })
        }))
      ],
      notes: [`P-values that ranks over ${unseen.ranked} unseen sets are uniform: ${pValues.join(", ")}.`]
    }
  })
}
