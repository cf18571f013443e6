/** The results that are kept: `bench/results/accuracy.json`, one a posterior, guide and seed, and the README's table of those by default. */
import { grid } from "../src/report/grid.ts"
import { failures } from "./criteria.ts"
import type { Result } from "./measure.ts"
import { keep, kept, markdown, publish } from "./report.ts"

export const defaults = { guide: "neuralSplineFlow", seed: 1 }
export const amortisedGuide = "amortisedRealNVP"

const key = ({ posterior, guide, seed }: Result): string => `${posterior} ${guide} ${seed}`

const cells = (result: Result): ReadonlyArray<string> => [
  result.posterior.replaceAll("_", " "),
  `${result.kl.toFixed(3)} ± ${result.klError.toFixed(3)}`,
  result.klFullRank?.toFixed(3) ?? "",
  result.maxMeanError.toFixed(2),
  `${result.minSdRatio.toFixed(2)} to ${result.maxSdRatio.toFixed(2)}`,
  result.khat.toFixed(2),
  Math.round(result.ess).toLocaleString("en"),
  result.verdict,
  result.seconds.toFixed(0)
]

const columns = ["posterior", "KL", "full rank", "mean error", "sd ratios", "k̂", "ESS of 10,000", "verdict", "seconds"]

/** Keeps the results, in place of earlier ones of the same posterior, guide and seed. */
export const keepResults = (results: ReadonlyArray<Result>): void => {
  const all = [...new Map([...kept<Result>("accuracy"), ...results].map((result) => [key(result), result])).values()]
  keep("accuracy", all)
  const byDefault = all.filter(({ guide, seed }) => seed === defaults.seed && [defaults.guide, amortisedGuide].includes(guide))
  publish("accuracy", markdown(columns, byDefault.map(cells)))
}

export const tabulate = (results: ReadonlyArray<Result>): string =>
  grid(
    [...columns, ""],
    results.map((result) => [...cells(result), failures(result).length === 0 ? "pass" : "FAIL"])
  )
