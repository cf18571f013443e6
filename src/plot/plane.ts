/** Kernel density estimates of two scalars, on a grid. */
import { quantile } from "../inference/quantile.ts"
import { type Extent } from "./data.ts"
import { silverman } from "./density.ts"

/** Heights on a grid: row by row, `x` running fastest. */
export interface Surface {
  readonly x: ReadonlyArray<number>
  readonly y: ReadonlyArray<number>
  readonly height: Float64Array
}

/** Where a density ends; the mass that kernels put beyond it is reflected. */
export interface Bounds {
  readonly lower?: number
  readonly upper?: number
}

/** A grid along one axis, with the shares of each value that its neighbours take, and the kernel between its places. */
const axis = (values: Float64Array, size: number, { lower = -Infinity, upper = Infinity }: Bounds) => {
  const sorted = values.toSorted()
  const mean = values.reduce((sum, x) => sum + x / values.length, 0)
  const sd = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / Math.max(1, values.length - 1)) || 1
  // Scott's rate for two dimensions, n^(−1/6), in place of n^(−1/5)
  const bandwidth = silverman(sd, quantile(sorted, 0.75) - quantile(sorted, 0.25), values.length) * values.length ** (1 / 5 - 1 / 6)
  const [from, to]: Extent = [Math.max(lower, sorted[0]! - 3 * bandwidth), Math.min(upper, sorted.at(-1)! + 3 * bandwidth)]
  const step = (to - from) / (size - 1)
  const places = Array.from({ length: size }, (_, i) => from + i * step)
  const kernel = Float64Array.from(
    { length: 2 * size },
    (_, k) => Math.exp(-0.5 * ((k * step) / bandwidth) ** 2) / (Math.sqrt(2 * Math.PI) * bandwidth)
  )
  const reach = Math.min(size - 1, Math.ceil((5 * bandwidth) / step))
  // how much one place's mass weighs at another, reflections included
  const weight = (at: number, of: number): number =>
    kernel[Math.abs(at - of)]! + (from === lower ? kernel[at + of]! : 0) + (to === upper ? kernel[2 * (size - 1) - at - of]! : 0)
  return { places, from, step, reach, weight }
}

/** The density of pairs by a Gaussian kernel on a grid of `size` places a side, the values shared linearly between neighbouring places. */
export const plane = (
  x: Float64Array,
  y: Float64Array,
  { size = 96, across = {}, up = {} }: { readonly size?: number; readonly across?: Bounds; readonly up?: Bounds } = {}
): Surface => {
  const [ax, ay] = [axis(x, size, across), axis(y, size, up)]
  const mass = new Float64Array(size * size)
  const share = 1 / x.length
  for (let n = 0; n < x.length; n++) {
    const [u, v] = [(x[n]! - ax.from) / ax.step, (y[n]! - ay.from) / ay.step]
    const [i, j] = [Math.min(size - 2, Math.floor(u)), Math.min(size - 2, Math.floor(v))]
    const [a, b] = [u - i, v - j]
    const at = j * size + i
    mass[at]! += share * (1 - a) * (1 - b)
    mass[at + 1]! += share * a * (1 - b)
    mass[at + size]! += share * (1 - a) * b
    mass[at + size + 1]! += share * a * b
  }
  const smoothed = (from: Float64Array, { reach, weight }: ReturnType<typeof axis>, along: number, between: number): Float64Array => {
    const to = new Float64Array(size * size)
    for (let line = 0; line < size; line++)
      for (let at = 0; at < size; at++) {
        let sum = 0
        for (let of = Math.max(0, at - reach); of <= Math.min(size - 1, at + reach); of++)
          sum += weight(at, of) * from[line * between + of * along]!
        to[line * between + at * along] = sum
      }
    return to
  }
  return { x: ax.places, y: ay.places, height: smoothed(smoothed(mass, ax, 1, size), ay, size, 1) }
}

/** The height at a point, linear between the grid's places; 0 outside. */
const heightAt = ({ x, y, height }: Surface, px: number, py: number): number => {
  const u = ((px - x[0]!) / (x.at(-1)! - x[0]!)) * (x.length - 1)
  const v = ((py - y[0]!) / (y.at(-1)! - y[0]!)) * (y.length - 1)
  if (!(u >= 0 && u <= x.length - 1 && v >= 0 && v <= y.length - 1)) return 0
  const [i, j] = [Math.min(x.length - 2, Math.floor(u)), Math.min(y.length - 2, Math.floor(v))]
  const [a, b] = [u - i, v - j]
  const at = (k: number, l: number): number => height[(j + l) * x.length + i + k]!
  return (1 - b) * ((1 - a) * at(0, 0) + a * at(1, 0)) + b * ((1 - a) * at(0, 1) + a * at(1, 1))
}

/** The height above which the share `mass` of the points lies: the edge of the region of highest density (Hyndman 1996). */
export const levelOf = (surface: Surface, x: Float64Array, y: Float64Array, mass: number): number =>
  quantile(Float64Array.from(x, (px, n) => heightAt(surface, px, y[n]!)).sort(), 1 - mass)
