/** The forest plot: a row a scalar, rows of comparable scale in one panel. */
import type { Marginal } from "./marginal.ts"
import type { Specification } from "./specification.ts"
import { colour } from "./theme.ts"

export const width = 460
/** What an axis takes with the space below it. */
const axisHeight = 46
/** How much of a row its density takes. */
const crest = 0.62
/** Scalars of one site share an axis as long as it is at most so many times as wide as the narrowest of them, and sites likewise. */
const compression = { within: 15, between: 6 }

interface Extent {
  readonly from: number
  readonly to: number
}

const extent = ({ quantiles, curve }: Marginal): Extent =>
  quantiles[0] < quantiles[6] ? { from: quantiles[0], to: quantiles[6] } : { from: curve.x[0]!, to: curve.x.at(-1)! }
const union = (a: Extent, b: Extent): Extent => ({ from: Math.min(a.from, b.from), to: Math.max(a.to, b.to) })
const size = ({ from, to }: Extent): number => to - from

const comparable = (rows: ReadonlyArray<Marginal>, ratio: number): boolean => {
  const extents = rows.map(extent)
  return size(extents.reduce(union)) <= ratio * Math.min(...extents.map(size))
}

/** Rows in panels that share an axis: a site's rows together where they are comparable, else each by itself; then neighbours merged. */
export const panels = (rows: ReadonlyArray<Marginal>): ReadonlyArray<ReadonlyArray<Marginal>> =>
  Object.values(Object.groupBy(rows, ({ site }) => site))
    .flatMap((group = []) => (comparable(group, compression.within) ? [group] : group.map((row) => [row])))
    .reduce<ReadonlyArray<ReadonlyArray<Marginal>>>((made, group) => {
      const merged = [...(made.at(-1) ?? []), ...group]
      return comparable(merged, compression.between) ? [...made.slice(0, -1), merged] : [...made, group]
    }, [])

const panelHeight = (rows: number, step: number): number => Math.round(step * (rows + 0.3))

const panel = (
  rows: ReadonlyArray<Marginal>,
  step: number,
  reference: Readonly<Record<string, number>>,
  labels: Readonly<Record<string, string>>
): Specification => {
  const marks = rows.flatMap(({ name }, row) => (name in reference ? [{ row, value: reference[name]! }] : []))
  const whole = rows.map(extent).reduce(union)
  const { from, to } = marks.reduce<Extent>((all, { value }) => union(all, { from: value, to: value }), whole)
  const margin = 0.02 * (to - from)
  const x = {
    field: "x",
    type: "quantitative",
    title: null,
    scale: { domain: [from - margin, to + margin], nice: true, zero: false },
    axis: { tickCount: 6 }
  }
  const names = rows.map(({ name }) => labels[name] ?? name)
  const y = {
    field: "row",
    type: "quantitative",
    title: null,
    scale: { domain: [rows.length - 0.5, -0.8], nice: false, zero: false },
    axis: {
      values: rows.map((_, row) => row),
      labelExpr: `${JSON.stringify(names)}[datum.value]`,
      grid: false,
      domain: false,
      ticks: false,
      labelPadding: 10,
      labelLimit: 400
    }
  }
  const curves = rows.flatMap(({ curve }, row) => {
    const highest = Math.max(...curve.density)
    return curve.x.map((place, i) => ({ row, x: place, ridge: row - (crest * curve.density[i]!) / highest }))
  })
  const intervals = rows.map(({ quantiles: [, q05, q25, q50, q75, q95] }, row) => ({ row, q05, q25, q50, q75, q95 }))
  const rule = (a: string, b: string, thickness: number): Specification => ({
    data: { values: intervals },
    mark: { type: "rule", strokeWidth: thickness, color: colour.interval, strokeCap: "butt", clip: true },
    encoding: { x: { ...x, field: a }, x2: { field: b }, y }
  })
  return {
    width,
    height: panelHeight(rows.length, step),
    layer: [
      {
        data: { values: curves },
        mark: { type: "area", color: colour.shade, clip: true, interpolate: "linear" },
        encoding: { x, y, y2: { field: "ridge" }, detail: { field: "row" } }
      },
      rule("q05", "q95", 1.6),
      rule("q25", "q75", 5),
      {
        data: { values: intervals },
        mark: {
          type: "point",
          shape: "circle",
          filled: true,
          size: 46,
          color: "white",
          stroke: colour.interval,
          strokeWidth: 1.8,
          opacity: 1
        },
        encoding: { x: { ...x, field: "q50" }, y }
      },
      {
        data: { values: marks },
        mark: { type: "point", shape: "diamond", size: 64, color: colour.reference, filled: false, strokeWidth: 2, opacity: 1 },
        encoding: { x: { ...x, field: "value" }, y }
      }
    ]
  }
}

export interface Forest {
  readonly panels: ReadonlyArray<Specification>
  readonly height: number
}

/** The forest plot, its panels from top to bottom, and its height in pixels. */
export const forest = (
  rows: ReadonlyArray<Marginal>,
  reference: Readonly<Record<string, number>>,
  labels: Readonly<Record<string, string>>
): Forest => {
  const step = rows.length <= 12 ? 44 : 26
  const groups = panels(rows)
  const height = groups.reduce((sum, group) => sum + panelHeight(group.length, step) + axisHeight, -axisHeight)
  return { panels: groups.map((group) => panel(group, step, reference, labels)), height }
}
