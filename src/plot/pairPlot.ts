import { ArgumentError } from "../errors.ts"
import type { NDArray } from "../graph/types.ts"
import { contours, joined } from "./contour.ts"
import { type Extent, named, widened } from "./data.ts"
import { type Marginal, marginals } from "./marginal.ts"
import { levelOf, plane } from "./plane.ts"
import { logTicks } from "./scaling.ts"
import { framed, type Heading, type Specification } from "./specification.ts"
import { colour, palette } from "./theme.ts"
import { axis } from "./view.ts"

export interface PairOptions extends Heading {
  /** Which scalars, by their names with indices; by default all, up to 8. */
  readonly scalars?: ReadonlyArray<string>
  /** True values, by the scalar's name. */
  readonly truth?: Readonly<Record<string, number>>
  /** Scalars whose axes are logarithmic. */
  readonly log?: ReadonlyArray<string>
  /** Names of other kinds for the scalars. */
  readonly labels?: Readonly<Record<string, string>>
  /** The shares of the draws that the contours hold; by default 0.5 and 0.9. */
  readonly mass?: ReadonlyArray<number>
}

const most = 8
const gap = 10
const sizes = [240, 190, 160, 135, 115, 100, 90, 80]

/** A scalar in one set of draws, on the scale of its axis. */
interface Column {
  readonly marginal: Marginal
  readonly values: Float64Array
}

const refuse = (argument: string, expected: string, received: string): never => {
  throw new ArgumentError({ argument: `pairPlot.${argument}`, expected, received })
}

const toLog = (name: string, values: Float64Array): Float64Array => {
  const bad = values.findIndex((v) => v <= 0)
  return bad < 0 ? values.map(Math.log10) : refuse(`log`, "a scalar of positive draws", `${name}, with ${values[bad]} at draw ${bad}`)
}

/** The values' density and its bounds on the scale of the axis. */
const scaled = (found: Marginal, log: boolean): Marginal => {
  if (!log) return found
  return marginals({ [found.name]: { shape: [found.values.length], data: toLog(found.name, found.values) } }, { bounded: false })[0]!
}

/**
 * Pairs of scalars as a corner of panels: densities on the diagonal, and below it the regions of highest density that hold stated shares of
 * the draws. Several sets of draws by name, such as a posterior and its reference: the first is filled, the others are lines.
 *
 * Draws are named by site, the draw being their leading axis. A scalar that a set lacks, one on a logarithmic axis that is not positive, or
 * a draw that is not finite is an `ArgumentError`.
 *
 * @example
 * ```ts
 * import { pairPlot } from "pushforward/plot"
 *
 * const draws = { x: { shape: [5, 2], data: Float64Array.of(0, 1, 1, 0, -1, -1, 0.5, 0.3, -0.4, 0.1) } }
 * const specification = pairPlot({ posterior: draws }, { truth: { "x[0]": 0.2 }, title: "A posterior" })
 * ```
 */
export const pairPlot = (
  sets: Readonly<Record<string, Readonly<Record<string, NDArray>>>>,
  { scalars, truth = {}, log = [], labels = {}, mass = [0.5, 0.9], ...heading }: PairOptions = {}
): Specification => {
  const all = named("pairPlot", sets).map(([name, draws], i) => ({ name, color: palette[i % palette.length]!, found: marginals(draws) }))
  const names = scalars ?? all[0]!.found.map(({ name }) => name)
  if (names.length === 0 || names.length > most) refuse("scalars", `from 1 to ${most} scalars`, String(names.length))
  for (const share of mass) if (!(share > 0 && share < 1)) refuse("mass", "shares between 0 and 1", String(share))
  for (const name of Object.keys(truth)) if (!Number.isFinite(truth[name])) refuse(`truth.${name}`, "a finite number", String(truth[name]))
  const data = all.map(({ name: set, found }) =>
    names.map((name): Column => {
      const one =
        found.find((candidate) => candidate.name === name) ??
        refuse(`scalars`, `one of ${set}: ${found.map((m) => m.name).join(", ")}`, name)
      const marginal = scaled(one, log.includes(name))
      return { marginal, values: marginal.values }
    })
  )
  const back = (name: string, v: number): number => (log.includes(name) ? 10 ** v : v)
  const extents = names.map((name, j): Extent => {
    const quantiles = data.map((set) => set[j]!.marginal.quantiles)
    const [from, to] = widened([Math.min(...quantiles.map((q) => q[0])), Math.max(...quantiles.map((q) => q[6]))], 0.06)
    const mark = name in truth ? (log.includes(name) ? Math.log10(truth[name]!) : truth[name]!) : from
    const lower = Math.max(Math.min(from, mark), ...data.map((set) => Math.min(set[j]!.marginal.bounds.lower ?? -Infinity, mark)))
    return [back(name, lower), back(name, Math.max(to, mark))]
  })
  const size = sizes[names.length - 1]!
  const encode = (field: "x" | "y", j: number, shown: boolean): Specification => {
    const name = names[j]!
    const ticks = log.includes(name) ? { values: logTicks(extents[j]!), format: "~g" } : { tickCount: 3 }
    const titled = `${labels[name] ?? name}${log.includes(name) ? " (log scale)" : ""}`
    return axis(field, shown ? titled : null, extents[j]!, {
      log: log.includes(name),
      ...ticks,
      labels: shown,
      ticks: shown,
      domain: shown,
      labelOverlap: true,
      labelFontSize: 11,
      ...(field === "y" ? { minExtent: 34 } : {})
    })
  }
  const mark = (channel: "x" | "y", encoding: Specification, j: number): ReadonlyArray<Specification> =>
    names[j]! in truth
      ? [
          {
            data: { values: [{ [channel]: truth[names[j]!] }] },
            mark: { type: "rule", color: colour.ink, strokeWidth: 1, strokeDash: [4, 3] },
            encoding: { [channel]: encoding }
          }
        ]
      : []
  const diagonal = (j: number): Specification => {
    const x = encode("x", j, j === names.length - 1)
    const curves = data.map((set) => {
      const { marginal } = set[j]!
      return marginal.curve
    })
    const highest = 1.06 * Math.max(...curves.flatMap((curve) => curve.density))
    const y = axis("y", null, [0, highest], { labels: false, ticks: false, domain: false, tickCount: 0 })
    return {
      width: size,
      height: size,
      layer: [
        ...curves.flatMap((curve, s) => {
          const points = { values: curve.x.map((v, i) => ({ x: back(names[j]!, v), y: curve.density[i] })) }
          const { color } = all[s]!
          return [
            ...(s === 0
              ? [{ data: points, mark: { type: "area", color, opacity: 0.22, clip: true }, encoding: { x, y, y2: { datum: 0 } } }]
              : []),
            { data: points, mark: { type: "line", color, strokeWidth: 1.8, clip: true }, encoding: { x, y } }
          ]
        }),
        ...mark("x", x, j)
      ]
    }
  }
  const below = (i: number, j: number): Specification => {
    const [x, y] = [encode("x", j, i === names.length - 1), encode("y", i, j === 0)]
    const regions = data.flatMap((set, s) => {
      const [across, up] = [set[j]!, set[i]!]
      const surface = plane(across.values, up.values, { across: across.marginal.bounds, up: up.marginal.bounds })
      const { color } = all[s]!
      return mass
        .toSorted((a, b) => b - a)
        .flatMap((share, level) => {
          const rings = contours(surface, levelOf(surface, across.values, up.values, share))
          const place = ([u, v]: readonly [number, number], order: number, ring: number) => ({
            x: back(names[j]!, u),
            y: back(names[i]!, v),
            order,
            ring
          })
          const line: Specification = {
            data: { values: rings.flatMap((ring, r) => ring.map((point, k) => place(point, k, r))) },
            mark: { type: "line", color, strokeWidth: s === 0 ? 1.2 : 1.6, opacity: s === 0 ? 0.9 : 1, clip: true },
            encoding: { x, y, order: { field: "order", type: "quantitative" }, detail: { field: "ring" } }
          }
          const fill: Specification = {
            data: { values: joined(rings).map((point, k) => place(point, k, 0)) },
            mark: { type: "line", strokeWidth: 0, fill: color, fillOpacity: level === 0 ? 0.16 : 0.34, clip: true },
            encoding: { x, y, order: { field: "order", type: "quantitative" } }
          }
          return s === 0 ? [fill, line] : [line]
        })
    })
    return { width: size, height: size, layer: [...regions, ...mark("x", x, j), ...mark("y", y, i)] }
  }
  const key: Specification = {
    width: size,
    height: size,
    layer: [
      ...all.map(({ name, color }, s) => ({ text: name, color, row: s })),
      ...(Object.keys(truth).length === 0 ? [] : [{ text: "truth", color: colour.ink, row: all.length }])
    ].map(({ text, color, row }) => ({
      data: { values: [{}] },
      mark: { type: "text", text, color, align: "left", baseline: "top", fontSize: 14, fontWeight: 600 },
      encoding: { x: { value: 8 }, y: { value: 4 + 21 * row } }
    })),
    view: { stroke: null }
  }
  const blank: Specification = { width: size, height: size, data: { values: [] }, mark: "point" }
  const cell = (i: number, j: number): Specification => (j < i ? below(i, j) : j === i ? diagonal(i) : i === 0 && j === 1 ? key : blank)
  const columns = Math.max(2, names.length)
  const cells = names.flatMap((_, i) => Array.from({ length: columns }, (__, j) => cell(i, j)))
  return framed({ concat: cells, columns, spacing: gap, bounds: "flush" }, heading, names.length * (size + gap) + 60)
}
