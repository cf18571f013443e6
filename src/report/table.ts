/** Posterior summaries as text for a terminal. */
import type { SummaryRow } from "../posterior/summary.ts"
import { grid } from "./grid.ts"

/** Decimals that show two significant digits of `scale`, at most six. */
const decimalsFor = (scale: number): number =>
  scale > 0 && Number.isFinite(scale) ? Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(scale)))) : 2

const number = (x: number, decimals: number): string => {
  const text = x.toFixed(decimals)
  return Number(text) === 0 ? text.replace("-", "") : text
}

/**
 * A posterior's summary as a table: a row a scalar, with its mean, standard deviation and 5, 50 and 95% quantiles. Each row shows two
 * significant digits of its own standard deviation, so rows of very different units stay readable.
 *
 * @example
 * ```ts
 * import { table } from "pushforward"
 *
 * console.log(table([{ name: "mu", mean: 4.41, sd: 3.3, q05: -1.1, q50: 4.4, q95: 9.8 }]))
 * ```
 */
export const table = (rows: ReadonlyArray<SummaryRow>): string =>
  grid(
    ["", "mean", "sd", "5%", "50%", "95%"],
    rows.map(({ name, mean, sd, q05, q50, q95 }) => {
      const decimals = decimalsFor(sd)
      return [name, ...[mean, sd, q05, q50, q95].map((x) => number(x, decimals))]
    })
  )

/**
 * Several summaries of the same quantities side by side, each as its mean and standard deviation: posteriors of two guides, or a fit and
 * its reference. A quantity that a summary does not hold is left blank.
 */
export const comparison = (summaries: Readonly<Record<string, ReadonlyArray<Pick<SummaryRow, "name" | "mean" | "sd">>>>): string => {
  const titles = Object.keys(summaries)
  const names = [...new Set(titles.flatMap((title) => summaries[title]!.map((row) => row.name)))]
  return grid(
    ["", ...titles.flatMap((title) => [title, "sd"])],
    names.map((name) => [
      name,
      ...titles.flatMap((title) => {
        const row = summaries[title]!.find((candidate) => candidate.name === name)
        return row === undefined ? ["", ""] : [number(row.mean, decimalsFor(row.sd)), number(row.sd, decimalsFor(row.sd))]
      })
    ])
  )
}
