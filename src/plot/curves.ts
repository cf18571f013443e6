import { matched, named, numbers, type Extent, extentOf, type Values, widened } from "./data.ts"
import { textWidth } from "./measure.ts"
import { legible } from "./ramp.ts"
import { framed, type Heading, type Specification } from "./specification.ts"
import { palette } from "./theme.ts"
import { axis, endLabels, ruled, within } from "./view.ts"

/** A function on its places. */
export interface Curve {
  readonly x: Values
  readonly y: Values
}

export interface CurvesOptions extends Heading {
  /** What is to be read beside the curves, such as the mean log-derivative: lines of text in the upper left. */
  readonly note?: string | ReadonlyArray<string>
  readonly axes?: readonly [x: string, y: string]
  /** Shade what is below the curves, as for densities. */
  readonly shaded?: boolean
  readonly domain?: { readonly x?: Extent; readonly y?: Extent }
  readonly width?: number
  readonly height?: number
}

interface Line {
  readonly name: string
  readonly x: Float64Array
  readonly y: Float64Array
  readonly color: string
}

/** Each name above its curve's highest place, or above another name that it would touch. */
const peakLabels = (
  lines: ReadonlyArray<Line>,
  view: { readonly width: number; readonly height: number; readonly wide: Extent; readonly high: Extent }
): ReadonlyArray<Specification> => {
  const set: Array<{ readonly x: number; readonly y: number; readonly half: number }> = []
  return lines.map(({ name, x, y, color }) => {
    const shown = Array.from(x.keys()).filter((i) => x[i]! >= view.wide[0] && x[i]! <= view.wide[1])
    const peak = shown.reduce((a, b) => (y[b]! > y[a]! ? b : a), shown[0] ?? 0)
    const half = textWidth(name, 12) / 2
    const across = (view.width * (x[peak]! - view.wide[0])) / (view.wide[1] - view.wide[0])
    const at = Math.min(view.width - half, Math.max(half, across))
    let up = Math.max(0, view.height * (1 - (y[peak]! - view.high[0]) / (view.high[1] - view.high[0]))) - 6
    const touches = (other: (typeof set)[number]): boolean => Math.abs(other.x - at) < other.half + half + 6 && Math.abs(other.y - up) < 15
    while (set.some(touches)) up -= 4
    set.push({ x: at, y: up, half })
    return {
      data: { values: [{}] },
      mark: { type: "text", text: name, baseline: "bottom", color: legible(color), fontWeight: 500 },
      encoding: { x: { value: at }, y: { value: up } }
    }
  })
}

/**
 * Functions of one variable as lines, named at their ends: maps, or densities (`shaded`).
 *
 * Nothing to draw, lengths that differ, or a number that is not finite, is an `ArgumentError`.
 *
 * @example
 * ```ts
 * import { curves } from "pushforward/plot"
 *
 * const x = [-2, -1, 0, 1, 2]
 * const specification = curves({ tanh: { x, y: x.map(Math.tanh) }, identity: { x, y: x } }, { note: "mean log-derivative −0.61" })
 * ```
 */
export const curves = (
  lines: Readonly<Record<string, Curve>>,
  { note = [], axes, shaded = false, domain = {}, width = 300, height = 220, ...heading }: CurvesOptions = {}
): Specification => {
  const all = named("curves", lines).map(([name, curve], i) => {
    const [x, y] = [numbers(`curves.${name}.x`, curve.x), numbers(`curves.${name}.y`, curve.y)]
    matched(`curves.${name}.y`, y.length, x.length, "place")
    return { name, x, y, color: palette[i % palette.length]! }
  })
  const own = (of: "x" | "y"): Extent => {
    const [from, to] = extentOf(all.flatMap((line) => [...line[of]]))
    return from === to ? widened([from, to], 0) : [from, to]
  }
  const wide = domain.x ?? own("x")
  const high = domain.y ?? (shaded ? [0, 1.18 * own("y")[1]] : widened(own("y"), 0.04))
  const x = axis("x", axes?.[0] ?? null, wide)
  const y = axis("y", axes?.[1] ?? null, high, ruled)
  const labels = all.map(({ name, x: places, y: values, color }) => {
    const inside = places.findLastIndex((v) => v <= wide[1])
    return { text: name, at: Math.min(high[1], Math.max(high[0], values[Math.max(0, inside)]!)), color }
  })
  return framed(
    {
      width,
      height,
      layer: [
        ...all.flatMap(({ x: places, y: values, color }) => {
          const data = { values: Array.from(places, (v, i) => ({ x: within(wide, v), y: within(high, values[i]!) })) }
          return [
            ...(shaded
              ? [{ data, mark: { type: "area", color, opacity: 0.16, clip: true }, encoding: { x, y, y2: { datum: high[0] } } }]
              : []),
            { data, mark: { type: "line", color, strokeWidth: 2.2, clip: true }, encoding: { x, y } }
          ]
        }),
        ...(shaded ? peakLabels(all, { width, height, wide, high }) : endLabels(labels, { width, height, domain: high })),
        {
          data: { values: [{}] },
          mark: { type: "text", text: [note].flat(), align: "left", baseline: "top", lineHeight: 16 },
          encoding: { x: { value: 8 }, y: { value: 2 } }
        }
      ]
    },
    heading,
    width + 80
  )
}
