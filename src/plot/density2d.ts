import { ArgumentError } from "../errors.ts"
import type { NDArray } from "../graph/types.ts"
import { columnsOf, type Extent, extentOf, linspace, named, type Points, type Values } from "./data.ts"
import { dots } from "./dots.ts"
import { dataUri } from "./png/png.ts"
import { densities } from "./ramp.ts"
import { caption, framed, type Heading, independent, type Specification } from "./specification.ts"
import { colour } from "./theme.ts"
import { axis } from "./view.ts"

export interface Mesh {
  readonly x: ReadonlyArray<number>
  readonly y: ReadonlyArray<number>
  /** All places of the mesh `[y.length × x.length, 2]`, x running fastest. */
  readonly points: NDArray
}

/**
 * Places on a rectangle at which a log density is to be asked, as `density2d` shows it.
 *
 * @example
 * ```ts
 * import { density2d, mesh } from "pushforward/plot"
 *
 * const { points, ...places } = mesh([-3, 3], [-3, 3], 60)
 * const logDensity = Array.from({ length: 60 * 60 }, (_, i) => -0.5 * (points.data[2 * i]! ** 2 + points.data[2 * i + 1]! ** 2))
 * const specification = density2d({ normal: { ...places, logDensity } }, { title: "A Gaussian" })
 * ```
 */
export const mesh = (x: Extent, y: Extent, size = 200): Mesh => {
  if (!Number.isSafeInteger(size) || size < 2)
    throw new ArgumentError({ argument: "mesh.size", expected: "a whole number from 2", received: String(size) })
  for (const [argument, [from, to]] of Object.entries({ "mesh.x": x, "mesh.y": y }))
    if (!(from < to && to - from < Infinity))
      throw new ArgumentError({ argument, expected: "[from, to], the lesser first", received: `[${from}, ${to}]` })
  const [across, up] = [linspace(x, size), linspace(y, size)]
  return {
    x: across,
    y: up,
    points: { shape: [size * size, 2], data: Float64Array.from(up.flatMap((v) => across.flatMap((u) => [u, v]))) }
  }
}

/** A log density on a mesh. */
export interface LogDensity {
  readonly x: ReadonlyArray<number>
  readonly y: ReadonlyArray<number>
  /** One number a place, x running fastest; −∞ is where there is nothing. */
  readonly logDensity: Values
  /** Points `[n, 2]` on top. */
  readonly draws?: Points
}

export interface Density2dOptions extends Heading {
  /** By default the colour tells the density; `log` tells its logarithm, so that tails and bridges show, down to e⁻¹⁰ of the highest. */
  readonly scale?: "density" | "log"
  readonly axes?: readonly [x: string, y: string]
  /** Pixels a side. */
  readonly size?: number
  /** How many draws are shown at most; by default 500. */
  readonly most?: number
  /** The density that is darkest, and beyond which nothing is darker: for pictures with one scale. By default the highest of these. */
  readonly highest?: number
}

const range = 10

const checked = (name: string, { x, y, logDensity }: LogDensity): Float64Array => {
  const values = Float64Array.from("shape" in logDensity ? (logDensity as NDArray).data : (logDensity as ArrayLike<number>))
  if (x.length < 2 || y.length < 2 || values.length !== x.length * y.length)
    throw new ArgumentError({
      argument: `density2d.${name}.logDensity`,
      expected: `${y.length} × ${x.length} numbers on a mesh of two places a side or more`,
      received: String(values.length)
    })
  const bad = values.findIndex((v) => Number.isNaN(v) || v === Infinity)
  if (bad >= 0)
    throw new ArgumentError({
      argument: `density2d.${name}.logDensity[${bad}]`,
      expected: "a number below infinity",
      received: `${values[bad]} at (${x[bad % x.length]}, ${y[Math.floor(bad / x.length)]})`
    })
  return values
}

/** Half a cell beyond the outer places: each place is the centre of its pixel. */
const edges = (places: ReadonlyArray<number>): Extent => {
  const [from, to] = extentOf(places)
  const half = (to - from) / (places.length - 1) / 2
  return [from - half, to + half]
}

const sameExtent = (a: ReadonlyArray<number>, b: ReadonlyArray<number>): boolean => edges(a).every((edge, i) => edge === edges(b)[i])

/** An image that fills a view, in a light frame. */
const image = (url: string, width: number, height: number): ReadonlyArray<Specification> => [
  {
    data: { values: [{ url }] },
    mark: { type: "image", width, height, aspect: false, align: "left", baseline: "top" },
    encoding: { url: { field: "url" }, x: { value: 0 }, y: { value: 0 } }
  },
  {
    data: { values: [{}] },
    mark: { type: "rect", filled: false, stroke: colour.line, strokeWidth: 1 },
    encoding: { x: { value: 0 }, x2: { value: width }, y: { value: 0 }, y2: { value: height } }
  }
]

/** The colour scale with its ends. */
const key = (highest: number, scale: "density" | "log", size: number): Specification => {
  const [width, height] = [10, Math.round(0.5 * size)]
  const pixels = Uint8Array.from({ length: 256 }, (_, i) => 255 - i)
  const text = (words: string, y: number, baseline: string): Specification => ({
    data: { values: [{}] },
    mark: { type: "text", text: words, align: "left", baseline, color: colour.quiet, fontSize: 11 },
    encoding: { x: { value: width + 6 }, y: { value: y } }
  })
  return {
    width,
    height,
    layer: [
      ...image(dataUri({ width: 1, height: 256, pixels, palette: densities }), width, height),
      text(`density ${Number(Math.exp(highest).toPrecision(2))}`, 0, "top"),
      text(scale === "log" ? `${Number(Math.exp(highest - range).toPrecision(1))}` : "0", height, "bottom"),
      ...(scale === "log" ? [text("log scale", height / 2, "middle")] : [])
    ]
  }
}

/**
 * Densities on meshes as images beside one another, with one colour scale and draws on top. The colour is white where there is nothing.
 *
 * A log density that is NaN or +∞, or of another number than the mesh has places, is an `ArgumentError`.
 *
 * @example
 * ```ts
 * import { density2d, mesh } from "pushforward/plot"
 *
 * const { points, ...places } = mesh([-3, 3], [-3, 3], 60)
 * const ring = Array.from({ length: 60 * 60 }, (_, i) => -8 * (Math.hypot(points.data[2 * i]!, points.data[2 * i + 1]!) - 2) ** 2)
 * const specification = density2d({ ring: { ...places, logDensity: ring, draws: [[0, 2], [2, 0]] } }, { scale: "log" })
 * ```
 */
export const density2d = (
  surfaces: Readonly<Record<string, LogDensity>>,
  { scale = "density", axes, size = 300, most = 500, highest: darkest, ...heading }: Density2dOptions = {}
): Specification => {
  const panels = named("density2d", surfaces).map(([name, surface]) => ({ name, surface, values: checked(name, surface) }))
  if (darkest !== undefined && !(darkest > 0 && darkest < Infinity))
    throw new ArgumentError({ argument: "density2d.highest", expected: "a density above 0", received: String(darkest) })
  const highest = darkest === undefined ? Math.max(...panels.map(({ values }) => extentOf(values)[1])) : Math.log(darkest)
  if (highest === -Infinity)
    throw new ArgumentError({ argument: "density2d", expected: "a density above 0 somewhere", received: "-Infinity everywhere" })
  const share = (v: number): number => Math.min(1, scale === "log" ? Math.max(0, 1 + (v - highest) / range) : Math.exp(v - highest))
  const views = panels.map(({ name, surface, values }, panel) => {
    const [wide, high] = [surface.x.length, surface.y.length]
    const pixels = Uint8Array.from(values, (_, i) =>
      Math.round(255 * share(values[(high - 1 - Math.floor(i / wide)) * wide + (i % wide)]!))
    )
    const first = panel === 0 || !sameExtent(surface.y, panels[0]!.surface.y)
    const x = axis("x", axes?.[0] ?? null, edges(surface.x), { domain: false })
    const y = axis("y", first ? (axes?.[1] ?? null) : null, edges(surface.y), { domain: false, labels: first, ticks: first })
    const points = surface.draws === undefined ? undefined : columnsOf(`density2d.${name}.draws`, surface.draws, 2)
    return {
      width: size,
      height: size,
      layer: [
        ...image(dataUri({ width: wide, height: high, pixels, palette: densities }), size, size),
        ...(panels.length === 1 ? [] : [caption([name], { fontSize: 14, fontWeight: 600 })]),
        ...(points === undefined
          ? [{ data: { values: [{ x: surface.x[0], y: surface.y[0] }] }, mark: { type: "point", opacity: 0 }, encoding: { x, y } }]
          : [dots(points, { of: () => undefined, color: { value: colour.reference } }, { x, y, most, size, cover: 0.035 })])
      ]
    }
  })
  return framed({ hconcat: [...views, key(highest, scale, size)], spacing: 22, resolve: independent }, heading, panels.length * (size + 28))
}
