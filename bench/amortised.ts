/** The amortised posterior of eight schools: asked about Rubin's data, and calibrated on data sets of the prior. */
import * as Effect from "effect/Effect"
import { fitAmortised, type NDArray, prior, Progress } from "pushforward"
import { amortised, realNVP } from "pushforward/guides"
import { eightSchoolsNoncentered, schools } from "../models/eightSchools.ts"
import { indexName } from "../src/posterior/summary.ts"
import { histogram, holm, rank, uniformity } from "./calibration.ts"
import type { Calibration, Result } from "./measure.ts"
import { fixture, fullRankKl, reference } from "./posteriordb.ts"
import { amortisedGuide } from "./results.ts"
import { score } from "./score.ts"

const rubin = "eight_schools-eight_schools_noncentered"
const { sigma } = schools
const sites = ["mu", "tau", "theta"] as const
type Sites = Readonly<Record<(typeof sites)[number], NDArray>>

const dataSets = 200
const bins = 20
/** Ranks run from 0 to this: one less than a multiple of the bins. */
const draws = 199

/** Where each simulated value lies among draws given its data set: by scalar. */
const ranksOf = (simulated: Sites, dataSet: number, drawn: Sites): Readonly<Record<string, number>> =>
  Object.fromEntries(
    sites.flatMap((site) => {
      const size = drawn[site].data.length / draws
      return Array.from({ length: size }, (_, j) => {
        const column = Float64Array.from({ length: draws }, (_, draw) => drawn[site].data[draw * size + j]!)
        return [site + indexName(drawn[site].shape.slice(1), j), rank(simulated[site].data[dataSet * size + j]!, column)]
      })
    })
  )

/** Simulation-based calibration of what gives draws of the posterior for a data set. */
const calibrate = <E, R>(drawsFor: (y: ReadonlyArray<number>, dataSet: number) => Effect.Effect<Sites, E, R>, seed: number) =>
  Effect.scoped(
    Effect.gen(function* () {
      const simulated = yield* prior(eightSchoolsNoncentered({ sigma }), { draws: dataSets, seed })
      const task = yield* (yield* Progress).start("calibration", dataSets)
      const ranks = yield* Effect.forEach(Array.from({ length: dataSets }).keys(), (i) =>
        Effect.map(drawsFor(Array.from(simulated.y.data.slice(i * sigma.length, (i + 1) * sigma.length)), i), (drawn) => {
          task.update(i + 1, "")
          return ranksOf(simulated, i, drawn)
        })
      )
      const names = Object.keys(ranks[0]!)
      const pValues = names.map((name) =>
        uniformity(
          histogram(
            ranks.map((of) => of[name]!),
            draws,
            bins
          )
        )
      )
      return {
        dataSets,
        bins,
        pValues: Object.fromEntries(names.map((name, i) => [name, pValues[i]!])),
        corrected: Math.min(...holm(pValues))
      } satisfies Calibration
    })
  )

/** Trained on data sets of the prior with Rubin's standard errors. */
export const measureAmortised = (posterior: string, seed: number) =>
  Effect.gen(function* () {
    const before = performance.now()
    const guide = amortised(realNVP())
    const options = { observed: ["y"], inputs: ["sigma"], seed } as const
    const trained = yield* fitAmortised(eightSchoolsNoncentered({ sigma }), guide, options)
    const seconds = (performance.now() - before) / 1000
    const { summary, diagnostics, verdict } = yield* trained.posterior(eightSchoolsNoncentered(schools))
    const { elbo, khat, threshold, ess } = diagnostics
    return {
      posterior,
      guide: amortisedGuide,
      seed,
      kl: fixture(rubin).log_evidence - elbo.value,
      klError: elbo.error,
      klFullRank: fullRankKl(rubin) ?? null,
      ...score(reference(rubin), summary),
      khat,
      threshold,
      ess,
      verdict: verdict.kind,
      seconds,
      calibration: yield* calibrate((y, dataSet) => trained.draws(eightSchoolsNoncentered({ y, sigma }), draws, { seed: dataSet }), seed)
    } satisfies Result
  })
