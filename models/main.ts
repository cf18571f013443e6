/**
 * The main job: eight schools by a normalising flow, a hierarchical regression on real yields, and an amortised posterior that is asked about
 * data which it was not trained on. Prints the posteriors with their verdicts and writes a picture of each into `output/`.
 */
import { mkdir, writeFile } from "node:fs/promises"
import { relative } from "node:path"
import { fileURLToPath } from "node:url"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { comparison, fit, fitAmortised, type NDArray, type Posterior, summary, type SummaryRow, table } from "pushforward"
import { amortised, neuralSplineFlow, realNVP } from "pushforward/guides"
import { picture, type PictureOptions, svg } from "pushforward/plot"
import { barley, barleyYields, sites, varieties } from "./barley.ts"
import { eightSchools, eightSchoolsNoncentered, schools } from "./eightSchools.ts"
import { runMain } from "./run.ts"

const output = new URL("../output/", import.meta.url)
const seed = 1
const drawn = 4000

const numbered = (site: string, values: ReadonlyArray<string>): Readonly<Record<string, string>> =>
  Object.fromEntries(values.map((value, i) => [`${site}[${i}]`, `${site}, ${value}`]))

const observedEffects = {
  label: "the effect observed in the school",
  values: Object.fromEntries(schools.y.map((y, i) => [`theta[${i}]`, y]))
}
const funnel: PictureOptions["pairs"] = [
  { x: "theta[0]", y: "tau", log: ["tau"] },
  { x: "mu", y: "theta[0]" }
]

const heading = (text: string): Effect.Effect<void> => Console.log(`\n${text}\n${"═".repeat(text.length)}`)

const shown = (rows: ReadonlyArray<SummaryRow>, hidden: ReadonlyArray<string>): ReadonlyArray<SummaryRow> =>
  rows.filter(({ name }) => !hidden.includes(name.replace(/\[.*/, "")))

/** Prints the table with the verdict and draws the picture, both without the sites of `hidden`. */
const report = <R>(file: string, posterior: Posterior<R>, options: PictureOptions, hidden: ReadonlyArray<string> = []) =>
  Effect.gen(function* () {
    const { text } = posterior.verdict
    const found = shown(posterior.summary, hidden)
    const rows = found.map((row) => ({ ...row, name: options.labels?.[row.name] ?? row.name }))
    yield* Console.log(`${table(rows)}\n${text}`)
    const sites = Object.entries<NDArray>(yield* posterior.draws(drawn)).filter(([site]) => !hidden.includes(site))
    const drawing = yield* svg(picture(Object.fromEntries(sites), { ...options, verdict: text }))
    const path = fileURLToPath(new URL(file, output))
    yield* Effect.promise(() => writeFile(path, drawing))
    yield* Console.log(`Picture: ${relative(process.cwd(), path)}`)
    return found
  })

const program = Effect.gen(function* () {
  yield* Effect.promise(() => mkdir(output, { recursive: true }))

  yield* heading("Eight schools, centered, by a neural spline flow")
  const direct = yield* fit(eightSchools(schools), neuralSplineFlow(), { seed })
  const byFlow = yield* report("eight-schools.svg", direct, {
    title: "Eight schools, by a neural spline flow",
    reference: observedEffects,
    pairs: funnel
  })

  yield* heading("Barley yields at six sites, by a neural spline flow")
  const regression = yield* fit(barleyYields(barley), neuralSplineFlow(), { seed })
  yield* report("barley.svg", regression, {
    title: "Barley yields in Minnesota, 1931 and 1932",
    labels: { ...numbered("level", sites), ...numbered("change", sites), ...numbered("advantage", varieties) },
    pairs: [
      { x: "change[3]", y: "meanChange" },
      { x: "advantage[7]", y: "varietyScale" }
    ]
  })

  yield* heading("Eight schools, amortised: trained on data sets of the prior, asked about Rubin's")
  const trained = yield* fitAmortised(eightSchoolsNoncentered({ sigma: schools.sigma }), amortised(realNVP()), {
    observed: ["y"],
    inputs: ["sigma"],
    seed
  })
  const asked = yield* trained.posterior(eightSchoolsNoncentered(schools))
  const amortisedPicture = { title: "Eight schools, by an amortised flow", reference: observedEffects, pairs: funnel }
  const byEncoder = yield* report("eight-schools-amortised.svg", asked, amortisedPicture, ["z"])

  yield* heading("Eight schools, side by side")
  const { draws, logWeights } = yield* asked.weighted(drawn)
  const byWeights = shown(summary(draws, { logWeights }), ["z"])
  yield* Console.log(comparison({ "own flow": byFlow, "amortised flow": byEncoder, "the same, weighted": byWeights }))
})

await runMain(program)
