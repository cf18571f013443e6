import { quantile } from "../inference/quantile.ts"
import { columnsOf, type Extent, extentOf, matched, numbers, type Points, scattered, thinned, type Values, widened } from "./data.ts"
import { density, silverman } from "./density.ts"
import { coreExtent } from "./dots.ts"
import { linspace } from "./data.ts"
import { framed, type Heading, type Specification } from "./specification.ts"
import { colour } from "./theme.ts"
import { axis, endLabels, ruled } from "./view.ts"

export interface PredictiveOptions extends Heading {
  /** By default densities of whole data sets; `intervals` are of each observation. */
  readonly kind?: "density" | "intervals"
  /** For intervals: where each observation stands; by default its number. */
  readonly x?: Values
  readonly axes?: readonly [x: string, y: string]
  readonly width?: number
  readonly height?: number
}

const overlaid = 50
/** More observations than this have ribbons in place of bars. */
const barsAtMost = 40

const bandwidthOf = (values: Float64Array): number => {
  const sorted = values.toSorted()
  const mean = values.reduce((sum, x) => sum + x / values.length, 0)
  const sd = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / Math.max(1, values.length - 1))
  return silverman(sd > 0 ? sd : 1, quantile(sorted, 0.75) - quantile(sorted, 0.25), values.length)
}

const densities = (observed: Float64Array, rows: ReadonlyArray<Float64Array>, options: PredictiveOptions): Specification => {
  const { axes, width = 440, height = 260 } = options
  const domain = coreExtent([observed, Float64Array.from(rows.flatMap((row) => [...row]))], 0.005)
  const at = linspace(domain, 140)
  const curveOf = (values: Float64Array) => density(values, { at, bandwidth: bandwidthOf(values) })
  const [own, ...others] = [observed, ...rows].map(curveOf)
  const highest = 1.05 * Math.max(...[own!, ...others].flatMap((curve) => curve.density))
  const x = axis("x", axes?.[0] ?? null, domain)
  const y = axis("density", null, [0, highest], { labels: false, ticks: false, domain: false })
  const points = ({ x: places, density: heights }: typeof own & object, set: number) =>
    places.map((v, i) => ({ set, x: v, density: heights[i] }))
  const text = (words: string, color: string, row: number): Specification => ({
    data: { values: [{}] },
    mark: { type: "text", text: words, color, align: "right", baseline: "top", fontWeight: 500 },
    encoding: { x: { value: width }, y: { value: 17 * row } }
  })
  return {
    width,
    height,
    layer: [
      {
        data: { values: others.flatMap(points) },
        mark: { type: "line", color: colour.interval, opacity: 0.22, strokeWidth: 1, clip: true },
        encoding: { x, y, detail: { field: "set" } }
      },
      {
        data: { values: points(own!, 0) },
        mark: { type: "line", color: colour.reference, strokeWidth: 2.6, clip: true },
        encoding: { x, y }
      },
      text("observed", colour.reference, 0),
      text(`${rows.length} replications`, colour.interval, 1)
    ]
  }
}

const intervals = (observed: Float64Array, columns: ReadonlyArray<Float64Array>, options: PredictiveOptions): Specification => {
  const { axes, width = 520, height = 280 } = options
  const places = options.x === undefined ? observed.map((_, i) => i) : numbers("predictive.x", options.x)
  matched("predictive.x", places.length, observed.length, "observation")
  const rows = Array.from(observed, (y, i) => {
    const sorted = columns[i]!.toSorted()
    const [q05, q25, q50, q75, q95] = [0.05, 0.25, 0.5, 0.75, 0.95].map((p) => quantile(sorted, p)) as [
      number,
      number,
      number,
      number,
      number
    ]
    return { x: places[i]!, y, q05, q25, q50, q75, q95, outside: y < q05 || y > q95 }
  }).sort((a, b) => a.x - b.x)
  const wide: Extent = widened(extentOf(places), 0.03)
  const domain = widened(extentOf(rows.flatMap(({ y, q05, q95 }) => [y, q05, q95])), 0.05)
  const x = axis("x", axes?.[0] ?? null, wide, { tickMinStep: options.x === undefined ? 1 : 0 })
  const y = axis("y", axes?.[1] ?? null, domain, ruled)
  const between = (low: string, high: string, bar: number, opacity: number): Specification => ({
    data: { values: rows },
    mark:
      rows.length > barsAtMost
        ? { type: "area", color: colour.interval, opacity }
        : { type: "rule", color: colour.interval, strokeWidth: bar, opacity: 2 * opacity },
    encoding: { x, y: { ...y, field: low }, y2: { field: high } }
  })
  const last = rows.at(-1)!
  return {
    width,
    height,
    layer: [
      between("q05", "q95", 2, 0.2),
      between("q25", "q75", 6, 0.3),
      ...(rows.length > barsAtMost
        ? [
            {
              data: { values: rows },
              mark: { type: "line", color: colour.interval, strokeWidth: 1.5 },
              encoding: { x, y: { ...y, field: "q50" } }
            }
          ]
        : []),
      {
        data: { values: thinned(rows.length, 600).map((i) => rows[i]) },
        mark: {
          type: "point",
          shape: "circle",
          filled: true,
          size: rows.length > 150 ? 14 : 38,
          color: colour.reference,
          stroke: "white",
          strokeWidth: 0.8,
          opacity: 1
        },
        encoding: { x, y }
      },
      ...endLabels(
        [
          { text: "observed", at: last.y, color: colour.reference },
          { text: "50% and 90%", at: last.q50, color: colour.interval }
        ],
        { width, height, domain }
      )
    ]
  }
}

/**
 * Observed data against replications of it by the posterior predictive distribution: densities of whole data sets, or intervals (50% and
 * 90%) of each observation.
 *
 * `replications` hold a data set a row. A row of another length than the data, none at all, or a number that is not finite is an
 * `ArgumentError`.
 *
 * @example
 * ```ts
 * import { predictive } from "pushforward/plot"
 *
 * const specification = predictive([28, 8, -3], [[20, 9, 1], [25, 4, -8], [31, 12, 0]], { kind: "intervals", axes: ["school", "effect"] })
 * ```
 */
export const predictive = (observed: Values, replications: Points, options: PredictiveOptions = {}): Specification => {
  const { kind = "density", title, subtitle } = options
  const data = numbers("predictive.observed", observed)
  const { count, columns } = columnsOf("predictive.replications", replications, data.length)
  const rows = scattered(count, overlaid).map((i) => Float64Array.from(columns, (column) => column[i]!))
  const view = kind === "density" ? densities(data, rows, options) : intervals(data, columns, options)
  return framed(view, { ...(title === undefined ? {} : { title }), ...(subtitle === undefined ? {} : { subtitle }) }, 560)
}
