/** Nodes and weights over all of R^n, n ≤ 2, for densities of any tail; and the integers around some draws. */
import { range } from "../graph/shape.ts"

/** Points, a row each, and what they weigh. */
export interface Rule {
  readonly points: ReadonlyArray<ReadonlyArray<number>>
  readonly weights: ReadonlyArray<number>
}

/** Where a density lies in one dimension. */
export interface Location {
  readonly centre: number
  readonly scale: number
}

/** How far the trapezoidal rule goes: sinh(π/2 sinh 3.7) = 4e13. */
const REACH = 3.7

/**
 * ∫ f(z) dz over R by z = centre + scale · sinh(π/2 sinh t) and the trapezoidal rule of step `h` in t: errors fall exponentially in 1/h for
 * analytic densities, algebraic tails included.
 *
 * @see Takahasi & Mori 1974, "Double exponential formulas for numerical integration".
 */
export const lineRule = ({ centre, scale }: Location, h: number): Rule => {
  const half = Math.floor(REACH / h)
  const ts = range(2 * half + 1, -half).map((k) => k * h)
  const inner = (t: number): number => (Math.PI / 2) * Math.sinh(t)
  return {
    points: ts.map((t) => [centre + scale * Math.sinh(inner(t))]),
    weights: ts.map((t) => h * scale * Math.cosh(inner(t)) * (Math.PI / 2) * Math.cosh(t))
  }
}

/** The product of rules. */
export const productRule = (rules: ReadonlyArray<Rule>): Rule =>
  rules.reduce((a, b) => ({
    points: a.points.flatMap((p) => b.points.map((q) => [...p, ...q])),
    weights: a.weights.flatMap((v) => b.weights.map((w) => v * w))
  }))

/** Every integer from well below to well above the draws, with weight 1. */
export const integerRule = (draws: ArrayLike<number>): Rule => {
  const sorted = Array.from(draws).sort((a, b) => a - b)
  const [low, high] = [sorted[0]!, sorted.at(-1)!]
  const margin = 64 + 4 * (high - low)
  const points = range(high - low + 2 * margin + 1, low - margin)
  return { points: points.map((k) => [k]), weights: points.map(() => 1) }
}

/** The median, and the half distance of the quartiles, of each column of rows. */
export const locationsOf = (rows: ReadonlyArray<ArrayLike<number>>): ReadonlyArray<Location> =>
  range(rows[0]!.length).map((j) => {
    const sorted = rows.map((row) => row[j]!).sort((a, b) => a - b)
    const at = (q: number): number => sorted[Math.floor(q * (sorted.length - 1))]!
    return { centre: at(0.5), scale: (at(0.75) - at(0.25)) / 2 || Math.abs(at(0.5)) || 1 }
  })
