import { ArgumentError } from "../errors.ts"
import { extentOf, matched, numbers, type Values, widened } from "./data.ts"
import { framed, type Heading, type Specification } from "./specification.ts"
import { colour } from "./theme.ts"
import { axis, fixed, ruled } from "./view.ts"

export interface MappingOptions extends Heading {
  /** The log density of the base at each place; by default that of a standard normal. */
  readonly logDensity?: Values
  readonly axes?: readonly [base: string, mapped: string]
  /** Pixels a side of the map. */
  readonly size?: number
}

/** An increasing or decreasing map at places of the line, with the logarithm of its absolute derivative. */
export interface Map1d {
  readonly x: Values
  readonly y: Values
  readonly logDerivative: Values
}

const shelf = 80
const gap = 6

/** The mean of values by the trapezoidal rule, under weights that need not add up to 1. */
const mean = (x: Float64Array, values: Float64Array, weights: Float64Array): number => {
  const integral = (f: (i: number) => number): number =>
    x.reduce((sum, v, i) => (i === 0 ? 0 : sum + ((v - x[i - 1]!) * (f(i) + f(i - 1))) / 2), 0)
  return integral((i) => weights[i]! * values[i]!) / integral((i) => weights[i]!)
}

/**
 * How a map pushes a density forward: the base below, the map, and to its left the density that it gives, p(x) exp(−log|f′(x)|) at f(x).
 * In the corner is the mean log-derivative over the base: how much the map adds to the entropy.
 *
 * Places that do not increase, a map that turns, lengths that differ, or a number that is not finite is an `ArgumentError`.
 *
 * @example
 * ```ts
 * import { mapping } from "pushforward/plot"
 *
 * const x = Array.from({ length: 121 }, (_, i) => -3 + i / 20)
 * const specification = mapping({ x, y: x.map(Math.sinh), logDerivative: x.map((v) => Math.log(Math.cosh(v))) }, { title: "sinh" })
 * ```
 */
export const mapping = (map: Map1d, { logDensity, axes, size = 260, ...heading }: MappingOptions = {}): Specification => {
  const x = numbers("mapping.x", map.x)
  const y = numbers("mapping.y", map.y)
  const slope = numbers("mapping.logDerivative", map.logDerivative)
  const base = logDensity === undefined ? x.map((v) => -0.5 * (v * v + Math.log(2 * Math.PI))) : numbers("mapping.logDensity", logDensity)
  for (const [name, values] of Object.entries({ y, logDerivative: slope, logDensity: base }))
    matched(`mapping.${name}`, values.length, x.length, "place")
  if (x.length < 2) throw new ArgumentError({ argument: "mapping.x", expected: "two or more places", received: String(x.length) })
  const still = x.findIndex((v, i) => i > 0 && !(v > x[i - 1]!))
  if (still > 0)
    throw new ArgumentError({ argument: `mapping.x[${still}]`, expected: `more than ${x[still - 1]}`, received: String(x[still]) })
  const way = Math.sign(y.at(-1)! - y[0]!)
  const turn = y.findIndex((v, i) => i > 0 && !(way * (v - y[i - 1]!) > 0))
  if (turn > 0)
    throw new ArgumentError({ argument: `mapping.y[${turn}]`, expected: "a map that keeps its direction", received: String(y[turn]) })
  const weights = base.map(Math.exp)
  const pushed = base.map((v, i) => Math.exp(v - slope[i]!))
  const [wide, high] = [extentOf(x), widened(extentOf(y), 0.02)]
  const across = axis("x", axes?.[0] ?? null, wide, ruled)
  const up = axis("y", axes?.[1] ?? null, high, ruled)
  const bare = { labels: false, ticks: false, domain: false, grid: false }
  const values = Array.from(x, (v, i) => ({ x: v, y: y[i], base: weights[i], pushed: pushed[i] }))
  const shaded = (color: string, orient: string, order: string, encoding: Specification): ReadonlyArray<Specification> => [
    { data: { values }, mark: { type: "area", color, opacity: 0.2, orient }, encoding },
    {
      data: { values },
      mark: { type: "line", color, strokeWidth: 2 },
      encoding: { x: encoding["x"], y: encoding["y"], order: { field: order, type: "quantitative" } }
    }
  ]
  const tall = 1.05 * extentOf(weights)[1]
  const far = 1.05 * extentOf(pushed)[1]
  const left: Specification = {
    width: shelf,
    height: size,
    layer: shaded(colour.reference, "horizontal", "y", {
      x: axis("pushed", null, [far, 0], bare),
      x2: { datum: 0 },
      y: up
    })
  }
  const middle: Specification = {
    width: size,
    height: size,
    layer: [
      ...(2 * (Math.min(wide[1], high[1]) - Math.max(wide[0], high[0])) > wide[1] - wide[0]
        ? [
            {
              data: { values: [Math.max(wide[0], high[0]), Math.min(wide[1], high[1])].map((v) => ({ x: v, y: v })) },
              mark: { type: "line", color: colour.faint, strokeDash: [3, 4], strokeWidth: 1 },
              encoding: { x: axis("x", null, wide, { ...ruled, labels: false }), y: axis("y", null, high, { ...ruled, labels: false }) }
            }
          ]
        : []),
      {
        data: { values },
        mark: { type: "line", color: colour.ink, strokeWidth: 2.4 },
        encoding: { x: axis("x", null, wide, { ...ruled, labels: false }), y: axis("y", null, high, { ...ruled, labels: false }) }
      },
      {
        data: { values: [{}] },
        mark: {
          type: "text",
          text: `mean log |f′| ${fixed(mean(x, slope, weights), 2)}`,
          align: way > 0 ? "left" : "right",
          baseline: "top"
        },
        encoding: { x: { value: way > 0 ? 6 : size - 6 }, y: { value: 5 } }
      }
    ]
  }
  const below: Specification = {
    width: size,
    height: shelf,
    layer: shaded(colour.interval, "vertical", "x", { x: across, y: axis("base", null, [0, tall], bare), y2: { datum: 0 } })
  }
  const blank: Specification = { width: shelf, height: shelf, data: { values: [] }, mark: "point" }
  return framed({ concat: [left, middle, blank, below], columns: 2, spacing: gap, bounds: "flush" }, heading, size + shelf)
}
