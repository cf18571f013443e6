/** The results that are kept: `bench/results/accuracy.json`, one a posterior, guide and seed. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { grid } from "../src/report/grid.ts"
import { failures } from "./criteria.ts"
import type { Result } from "./measure.ts"

const folder = new URL("./results/", import.meta.url)
const file = new URL("accuracy.json", folder)

const key = ({ posterior, guide, seed }: Result): string => `${posterior} ${guide} ${seed}`

/** Keeps the results, in place of earlier ones of the same posterior, guide and seed. */
export const keep = (results: ReadonlyArray<Result>): void => {
  const earlier = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as ReadonlyArray<Result>) : []
  const all = new Map([...earlier, ...results].map((result) => [key(result), result]))
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, `${JSON.stringify([...all.values()], undefined, 2)}\n`)
}

export const tabulate = (results: ReadonlyArray<Result>): string =>
  grid(
    ["posterior", "KL", "±", "full rank", "mean error", "sd ratios", "k-hat", "up to", "ESS", "verdict", "seconds", ""],
    results.map((result) => [
      result.posterior,
      result.kl.toFixed(3),
      result.klError.toFixed(3),
      result.klFullRank?.toFixed(3) ?? "",
      result.maxMeanError.toFixed(3),
      `${result.minSdRatio.toFixed(2)} to ${result.maxSdRatio.toFixed(2)}`,
      result.khat.toFixed(2),
      result.threshold.toFixed(2),
      result.ess.toFixed(0),
      result.verdict,
      result.seconds.toFixed(0),
      failures(result).length === 0 ? "pass" : "FAIL"
    ])
  )
