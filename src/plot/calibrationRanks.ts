import { ArgumentError } from "../errors.ts"
import { simultaneousBand } from "./band.ts"
import { type Extent, named, numbers, type Values } from "./data.ts"
import { framed, type Heading, independent, type Specification } from "./specification.ts"
import { colour } from "./theme.ts"
import { axis, ruled } from "./view.ts"

export interface RanksOptions extends Heading {
  /** How many posterior draws each rank is among: ranks go from 0 to this. */
  readonly draws: number
  /** By default the empirical distribution function of the ranks less that of uniform ones. */
  readonly kind?: "ecdf" | "histogram"
  /** The probability that calibrated ranks of one quantity lie in its band at all places; by default 0.95. */
  readonly coverage?: number
  /** Panels in a row. */
  readonly columns?: number
  readonly bins?: number
}

const width = 190
const height = 150
const cellsAtMost = 50

/** Ranks from 0 to `draws` in nearly equal cells: the first rank of each, and the end. */
const cellEdges = (draws: number, cells: number): ReadonlyArray<number> =>
  Array.from({ length: cells + 1 }, (_, i) => Math.round((i * (draws + 1)) / cells))

const checked = (name: string, ranks: Values, draws: number): Float64Array => {
  const values = numbers(`calibrationRanks.${name}`, ranks)
  const bad = values.findIndex((rank) => !Number.isInteger(rank) || rank < 0 || rank > draws)
  if (bad < 0) return values
  throw new ArgumentError({
    argument: `calibrationRanks.${name}[${bad}]`,
    expected: `a whole number from 0 to ${draws}`,
    received: String(values[bad])
  })
}

/**
 * Ranks of true values among posterior draws, over simulated data sets, a panel a quantity, against the band that uniform ranks lie in all
 * at once (Säilynoja, Bürkner & Vehtari 2022, Graphical test for discrete uniformity). What leaves the band is not calibrated, and drawn in
 * another colour: a slope down then up is a posterior that is too wide, up then down one too narrow, a hump to one side a bias.
 *
 * No ranks, or one that is not a whole number from 0 to `draws`, is an `ArgumentError`.
 *
 * @example
 * ```ts
 * import { calibrationRanks } from "pushforward/plot"
 *
 * const ranks = Array.from({ length: 100 }, (_, i) => i)
 * const specification = calibrationRanks({ mu: ranks }, { draws: 99, title: "Eight schools" })
 * ```
 */
export const calibrationRanks = (
  ranks: Readonly<Record<string, Values>>,
  { draws, kind = "ecdf", coverage = 0.95, columns = 4, bins = 20, ...heading }: RanksOptions
): Specification => {
  for (const [argument, value] of Object.entries({ draws, columns, bins }))
    if (!Number.isSafeInteger(value) || value < 1)
      throw new ArgumentError({ argument: `calibrationRanks.${argument}`, expected: "a whole number from 1", received: String(value) })
  if (!(coverage > 0 && coverage < 1))
    throw new ArgumentError({ argument: "calibrationRanks.coverage", expected: "a number between 0 and 1", received: String(coverage) })
  const all = named("calibrationRanks", ranks).map(([name, values]) => ({ name, values: checked(name, values, draws) }))
  const edges = cellEdges(draws, Math.min(draws + 1, kind === "ecdf" ? cellsAtMost : bins))
  const cells = edges.slice(1).map((edge, i) => (edge - edges[i]!) / (draws + 1))
  const bands = new Map<number, ReturnType<typeof bandOf>>()
  const bandOf = (count: number) => {
    const { low, high } = simultaneousBand({ count, cells, of: kind === "ecdf" ? "cumulated" : "cells", coverage })
    // a band for the differences, at each edge, or for the counts' densities, in each cell
    const level = (n: number, i: number): number => (kind === "ecdf" ? n / count - edges[i + 1]! / (draws + 1) : n / count / cells[i]!)
    return cells.map((_, i) => ({ at: edges[i + 1]! / (draws + 1), low: level(low[i]!, i), high: level(high[i]!, i) }))
  }
  const panels = all.map(({ name, values }) => {
    const count = values.length
    const band = bands.get(count) ?? bandOf(count)
    bands.set(count, band)
    const counts = cells.map((_, i) => values.reduce((n, rank) => n + Number(rank >= edges[i]! && rank < edges[i + 1]!), 0))
    let so = 0
    const levels = counts.map((n, i) => (kind === "ecdf" ? (so += n) / count - edges[i + 1]! / (draws + 1) : n / count / cells[i]!))
    const outside = levels.some((v, i) => v < band[i]!.low - 1e-12 || v > band[i]!.high + 1e-12)
    return { name, band, levels, outside }
  })
  const reach = Math.max(
    ...panels.flatMap(({ band, levels }) => [...levels, ...band.flatMap(({ low, high }) => [low, high])].map(Math.abs))
  )
  const domain: Extent = kind === "ecdf" ? [-1.08 * reach, 1.08 * reach] : [0, 1.08 * reach]
  const views = panels.map(({ name, band, levels, outside }, panel) => {
    const color = outside ? colour.reference : colour.interval
    const lowest = panel + columns >= panels.length
    const x = axis("at", lowest ? "rank, as a share" : null, [0, 1], { values: [0, 0.5, 1], format: "~g" })
    const style = { ...ruled, tickCount: 4, labels: panel % columns === 0 }
    const y = axis("level", panel % columns === 0 ? (kind === "ecdf" ? "ECDF difference" : "density of ranks") : null, domain, style)
    const start = { at: 0, low: 0, high: 0 }
    const line = [{ at: 0, level: 0 }, ...levels.map((level, i) => ({ at: band[i]!.at, level }))]
    const bars = levels.map((level, i) => ({
      from: edges[i]! / (draws + 1),
      at: edges[i + 1]! / (draws + 1),
      level,
      ...band[i],
      to: band[i]!.at
    }))
    return {
      width,
      height,
      title: {
        text: outside ? `${name}, outside` : name,
        fontSize: 13,
        fontWeight: "normal",
        frame: "group",
        color: outside ? color : colour.ink,
        offset: 6
      },
      layer:
        kind === "ecdf"
          ? [
              {
                data: { values: [start, ...band] },
                mark: { type: "area", color: colour.shade, opacity: 0.7 },
                encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" } }
              },
              { data: { values: line }, mark: { type: "line", color, strokeWidth: 1.8 }, encoding: { x, y } }
            ]
          : [
              {
                data: { values: bars },
                mark: { type: "rect", color: colour.shade, opacity: 0.7 },
                encoding: { x: { ...x, field: "from" }, x2: { field: "to" }, y: { ...y, field: "low" }, y2: { field: "high" } }
              },
              {
                data: { values: bars },
                mark: { type: "rule", color, strokeWidth: 2.4 },
                encoding: { x: { ...x, field: "from" }, x2: { field: "to" }, y }
              }
            ]
    }
  })
  return framed({ concat: views, columns, spacing: 20, resolve: independent }, heading, Math.min(columns, views.length) * (width + 20) + 40)
}
