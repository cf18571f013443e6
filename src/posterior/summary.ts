/** A posterior in numbers: one row a scalar. */
import { ArgumentError } from "../errors.ts"
import type { NDArray, Shape } from "../graph/types.ts"
import { normalise } from "../inference/importance.ts"
import { exp, square } from "../special/index.ts"

export interface SummaryRow {
  /** The site, with the scalar's index where it has one, counted from 0: `theta[3]`, `Omega[0,2]`. */
  readonly name: string
  readonly mean: number
  readonly sd: number
  readonly q05: number
  readonly q50: number
  readonly q95: number
}

export interface SummaryOptions {
  /** The draws' importance weights, those of `psis` for one; equal ones when left out. */
  readonly logWeights?: Float64Array
}

/** What stands behind a site's name for its i-th scalar: `[3]`, `[0,2]`, nothing for a scalar site. */
export const indexName = (shape: Shape, i: number): string => {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((n, size) => n * size, 1))
  return shape.length === 0 ? "" : `[${shape.map((size, axis) => Math.floor(i / strides[axis]!) % size).join(",")}]`
}

/** Quantiles: linear between the points (cᵢ − wᵢ/2, xᵢ) of the cumulated weights cᵢ; for equal weights Hyndman & Fan's (1996) type 5. */
const quantiles = (values: Float64Array, weights: Float64Array, levels: ReadonlyArray<number>): ReadonlyArray<number> => {
  const order = Uint32Array.from(values.keys())
    .filter((i) => weights[i]! > 0)
    .sort((i, j) => values[i]! - values[j]!)
  let total = 0
  const middles = Float64Array.from(order, (i) => {
    total += weights[i]!
    return total - weights[i]! / 2
  })
  return levels.map((level) => {
    const above = middles.findIndex((m) => m >= level)
    if (above <= 0) return values[order[above === 0 ? 0 : order.length - 1]!]!
    const [from, to] = [values[order[above - 1]!]!, values[order[above]!]!]
    return from + ((to - from) * (level - middles[above - 1]!)) / (middles[above]! - middles[above - 1]!)
  })
}

const summarise = (name: string, values: Float64Array, weights: Float64Array): SummaryRow => {
  const bad = values.findIndex((x) => !Number.isFinite(x))
  if (bad >= 0)
    throw new ArgumentError({ argument: `draws of ${name}`, expected: "finite numbers", received: `${values[bad]} at draw ${bad}` })
  // about the first value, so that constants have no spread
  const mean = values[0]! + values.reduce((sum, x, i) => sum + weights[i]! * (x - values[0]!), 0)
  const squares = values.reduce((sum, x, i) => sum + weights[i]! * square(x - mean), 0)
  // n/(n − 1) for equal weights
  const share = 1 - weights.reduce((sum, w) => sum + w * w, 0)
  const [q05, q50, q95] = quantiles(values, weights, [0.05, 0.5, 0.95]) as [number, number, number]
  return { name, mean, sd: share > 0 ? Math.sqrt(squares / share) : 0, q05, q50, q95 }
}

/**
 * Mean, standard deviation and 5, 50 and 95% quantiles of every scalar of draws that are named by site, the draw being their leading axis. Rows come in
 * the order of the sites, and row-major within one.
 *
 * @example
 * ```ts
 * import { summary } from "pushforward"
 *
 * summary({ mu: { shape: [3], data: Float64Array.of(1, 2, 3) } }) // [{ name: "mu", mean: 2, sd: 1, q05: 1, q50: 2, q95: 3 }]
 * ```
 */
export const summary = (draws: Readonly<Record<string, NDArray>>, { logWeights }: SummaryOptions = {}): ReadonlyArray<SummaryRow> =>
  Object.entries(draws).flatMap(([site, { shape, data }]) => {
    const [count = 0, ...event] = shape
    if (count < 2)
      throw new ArgumentError({
        argument: `draws of ${site}`,
        expected: "two draws or more, along the leading axis",
        received: `shape [${shape.join(", ")}]`
      })
    if (logWeights !== undefined && logWeights.length !== count)
      throw new ArgumentError({
        argument: "summary.logWeights",
        expected: `${count} of them, one a draw of ${site}`,
        received: String(logWeights.length)
      })
    const weights = logWeights === undefined ? new Float64Array(count).fill(1 / count) : normalise(logWeights).map(exp)
    const size = event.reduce((n, d) => n * d, 1)
    return Array.from({ length: size }, (_, i) =>
      summarise(
        site + indexName(event, i),
        Float64Array.from({ length: count }, (_, draw) => data[draw * size + i]!),
        weights
      )
    )
  })
