/** The marginals of named draws: one a scalar, with its quantiles and its density. */
import { ArgumentError } from "../errors.ts"
import type { NDArray } from "../graph/types.ts"
import { quantile } from "../inference/quantile.ts"
import { type Curve, density, silverman } from "./density.ts"
import type { Bounds } from "./plane.ts"
import { indexName } from "../posterior/summary.ts"

export interface Marginal {
  readonly site: string
  /** The site's name with its indices, counted from 0, as in `theta[3]`. */
  readonly name: string
  readonly values: Float64Array
  readonly mean: number
  /** The quantiles at 0.5, 5, 25, 50, 75, 95 and 99.5%. */
  readonly quantiles: readonly [number, number, number, number, number, number, number]
  readonly bounds: Bounds
  readonly curve: Curve
}

const probabilities = [0.005, 0.05, 0.25, 0.5, 0.75, 0.95, 0.995]
const points = 160

/** Bounds as the draws show them: 0 where they are all positive and come close to it, 1 likewise from below. */
const visibleBounds = (least: number, greatest: number, sd: number): Bounds => {
  if (least < 0 || least > 0.1 * sd) return {}
  return greatest <= 1 && greatest > 1 - 0.1 * sd ? { lower: 0, upper: 1 } : { lower: 0 }
}

/** The marginal of one scalar. A value that is not finite is an error. */
const marginal = (site: string, index: string, values: Float64Array, bounded: boolean): Marginal => {
  const name = site + index
  const bad = values.findIndex((x) => !Number.isFinite(x))
  if (bad >= 0 || values.length < 2) {
    const received = bad >= 0 ? `${values[bad]} at draw ${bad}` : `${values.length} draws`
    throw new ArgumentError({ argument: `draws of ${name}`, expected: "two or more finite numbers", received })
  }
  const sorted = values.toSorted()
  const quantiles = probabilities.map((p) => quantile(sorted, p)) as unknown as Marginal["quantiles"]
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length
  const sd = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1))
  // constants have a width of their own, so that they show
  const spread = sd > 0 ? sd : 1e-2 * Math.max(1e-2, Math.abs(mean))
  const bounds = bounded ? visibleBounds(sorted[0]!, sorted.at(-1)!, sd) : {}
  const bandwidth = silverman(spread, quantiles[4] - quantiles[2], values.length)
  const from = Math.max(quantiles[0] - 2 * spread, bounds.lower ?? -Infinity)
  const to = Math.min(quantiles[6] + 2 * spread, bounds.upper ?? Infinity)
  const at = Array.from({ length: points }, (_, i) => from + ((to - from) * i) / (points - 1))
  return { site, name, values, mean, quantiles, bounds, curve: density(values, { at, bandwidth, ...bounds }) }
}

/**
 * A marginal for each scalar of draws that are named by site, the draw being their leading axis; `bounded` where a density may end at
 * bounds that the draws show.
 */
export const marginals = (draws: Readonly<Record<string, NDArray>>, { bounded = true } = {}): ReadonlyArray<Marginal> =>
  Object.entries(draws).flatMap(([site, { shape, data }]) => {
    const [count = 0, ...event] = shape
    const size = event.reduce((product, n) => product * n, 1)
    return Array.from({ length: size }, (_, element) =>
      marginal(
        site,
        indexName(event, element),
        Float64Array.from({ length: count }, (_, draw) => data[draw * size + element]!),
        bounded
      )
    )
  })
