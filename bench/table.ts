/** The timings as tables. */
import { grid } from "../src/report/grid.ts"
import { markdown } from "./report.ts"
import { labelOf } from "./system.ts"
import type { Timing } from "./timing.ts"

const digits = (ms: number): string => (ms < 10 ? ms.toFixed(2) : ms < 100 ? ms.toFixed(1) : ms.toFixed(0))

const baseline = "pushforward"

const ratioIn = (timings: ReadonlyArray<Timing>, t: Timing): number | undefined => {
  const own = timings.find((o) => o.case === t.case && o.system === baseline && o.threads === 1)
  return own && t.medianMs / own.medianMs
}

/** Every timing, with its ratio to this library's on one thread. */
export const tabulate = (timings: ReadonlyArray<Timing>): string =>
  grid(
    ["case", "system", "median ms", "least", "most", `× ${baseline}`],
    timings.map((t, i) => [
      t.case === timings[i - 1]?.case ? "" : t.case,
      labelOf(t.system, t.threads),
      ...[t.medianMs, t.minMs, t.maxMs].map(digits),
      ratioIn(timings, t)?.toFixed(2) ?? ""
    ])
  )

/** Medians in milliseconds, a row a case and a column a system, in brackets how many times this library's. */
export const overview = (timings: ReadonlyArray<Timing>): string => {
  const cases = [...new Set(timings.map((t) => t.case))]
  const systems = [...new Set(timings.map((t) => labelOf(t.system, t.threads)))]
  const cell = (c: string, s: string): string => {
    const t = timings.find((o) => o.case === c && labelOf(o.system, o.threads) === s)
    if (t === undefined) return ""
    const ratio = ratioIn(timings, t)
    return s === baseline || ratio === undefined
      ? digits(t.medianMs)
      : `${digits(t.medianMs)} (${ratio < 10 ? ratio.toFixed(1) : ratio.toFixed(0)})`
  }
  return markdown(
    ["ms a step", ...systems],
    cases.map((c) => [c, ...systems.map((s) => cell(c, s))])
  )
}
