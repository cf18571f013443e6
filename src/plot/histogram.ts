import { ArgumentError } from "../errors.ts"
import { quantile } from "../inference/quantile.ts"
import { type Extent, extentOf, matched, numbers, type Values, widened } from "./data.ts"
import { framed, type Heading, type Specification } from "./specification.ts"
import { colour } from "./theme.ts"
import { axis, rule, within } from "./view.ts"

export interface HistogramOptions extends Heading {
  /** By default from the spread of the values (Freedman & Diaconis 1981), at most 80. */
  readonly bins?: number
  /** The density to compare with. */
  readonly curve?: { readonly x: Values; readonly density: Values; readonly label?: string }
  /** A value to mark, such as the truth. */
  readonly mark?: { readonly label: string; readonly value: number }
  /** What the axis shows; by default all values and the curve. */
  readonly domain?: Extent
  readonly axis?: string
  readonly width?: number
  readonly height?: number
}

const binsOf = (sorted: Float64Array, [from, to]: Extent): number => {
  const size = 2 * (quantile(sorted, 0.75) - quantile(sorted, 0.25)) * sorted.length ** (-1 / 3)
  return size > 0
    ? Math.max(1, Math.min(80, Math.ceil((to - from) / size)))
    : Math.min(80, Math.max(1, Math.ceil(Math.sqrt(sorted.length))))
}

/**
 * Values in bins, as a density: the bars' areas add up to the share of the values inside the axis. With an analytic density as a line.
 *
 * No values, or one that is not finite, is an `ArgumentError`.
 *
 * @example
 * ```ts
 * import { histogram } from "pushforward/plot"
 *
 * const x = [0, 1, 2, 3]
 * const specification = histogram([0.1, 0.3, 0.2, 1.4], { curve: { x, density: x.map((v) => Math.exp(-v)), label: "Exponential(1)" } })
 * ```
 */
export const histogram = (
  values: Values,
  { bins, curve, mark, domain, axis: title = "", width = 360, height = 220, ...heading }: HistogramOptions = {}
): Specification => {
  const sorted = numbers("histogram", values).sort()
  const line =
    curve === undefined
      ? undefined
      : { x: numbers("histogram.curve.x", curve.x), density: numbers("histogram.curve.density", curve.density) }
  if (line !== undefined) matched("histogram.curve.density", line.density.length, line.x.length, "place")
  if (bins !== undefined && (!Number.isSafeInteger(bins) || bins < 1))
    throw new ArgumentError({ argument: "histogram.bins", expected: "a whole number from 1", received: String(bins) })
  const own = extentOf([...sorted, ...(line?.x ?? []), ...(mark === undefined ? [] : [mark.value])])
  const [from, to] = domain ?? (own[0] === own[1] ? widened(own, 0) : own)
  if (!(from < to))
    throw new ArgumentError({ argument: "histogram.domain", expected: "[from, to], the lesser first", received: `[${from}, ${to}]` })
  const count = bins ?? binsOf(sorted, [from, to])
  const size = (to - from) / count
  const counts = new Float64Array(count)
  for (const v of sorted) if (v >= from && v <= to) counts[Math.min(count - 1, Math.floor((v - from) / size))]!++
  const bars = Array.from(counts, (n, i) => ({ from: from + i * size, to: from + (i + 1) * size, density: n / (sorted.length * size) }))
  const highest = 1.06 * Math.max(...bars.map((bar) => bar.density), ...(line?.density ?? []))
  const x = axis("x", title === "" ? null : title, [from, to])
  const y = axis("density", null, [0, highest], { labels: false, ticks: false, domain: false })
  const peak = line === undefined ? 0 : line.density.indexOf(Math.max(...line.density))
  const text = (label: string, at: number, top: Specification, color: string): Specification => ({
    data: { values: [{ x: at }] },
    mark: {
      type: "text",
      text: label,
      color,
      dx: at > (from + to) / 2 ? -8 : 8,
      align: at > (from + to) / 2 ? "right" : "left",
      baseline: "top"
    },
    encoding: { x, y: top }
  })
  return framed(
    {
      width,
      height,
      layer: [
        {
          data: { values: bars.filter((bar) => bar.density > 0) },
          mark: { type: "rect", color: colour.shade, stroke: "white", strokeWidth: size * width < 4 ? 0 : 0.6, clip: true },
          encoding: { x: { ...x, field: "from" }, x2: { field: "to" }, y, y2: { datum: 0 } }
        },
        ...(line === undefined
          ? []
          : [
              {
                data: { values: Array.from(line.x, (v, i) => ({ x: within([from, to], v), density: line.density[i] })) },
                mark: { type: "line", color: colour.reference, strokeWidth: 2, clip: true },
                encoding: { x, y }
              }
            ]),
        ...(curve?.label === undefined ? [] : [text(curve.label, line!.x[peak]!, { value: 0 }, colour.reference)]),
        ...(mark === undefined ? [] : [rule("x", x, mark.value), text(mark.label, mark.value, { value: 0 }, colour.ink)])
      ]
    },
    heading,
    width
  )
}
