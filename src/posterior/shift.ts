/** How far importance weights move the moments of what was drawn. */
import { sizeOf } from "../graph/shape.ts"
import type { NDArray } from "../graph/types.ts"
import { log, square } from "../special/index.ts"
import { indexName } from "./summary.ts"

export interface Shift {
  readonly value: number
  /** Its Monte Carlo standard error, by the delta method. */
  readonly error: number
  /** The scalar that moves by so much. */
  readonly quantity: string
}

export interface Shifts {
  /** Of the mean, in weighted standard deviations. */
  readonly mean: Shift
  /** Of the standard deviation, as |log ratio|. */
  readonly sd: Shift
}

const none: Shift = { value: 0, error: 0, quantity: "" }

/** Sum of squares of `f` over draws, rooted, over their number: the standard error of a mean. */
const errorOf = (n: number, f: (i: number) => number): number => {
  let sum = 0
  for (let i = 0; i < n; i++) sum += square(f(i))
  return Math.sqrt(sum) / n
}

/** `weights` sum to 1. A constant moves by nothing. */
const shiftsOf = (quantity: string, weights: Float64Array, at: (draw: number) => number): Shifts => {
  const n = weights.length
  const pivot = at(0)
  let [mean, weighted] = [0, 0]
  for (let i = 0; i < n; i++) {
    mean += (at(i) - pivot) / n
    weighted += weights[i]! * (at(i) - pivot)
  }
  const plain = (i: number): number => at(i) - pivot - mean
  const moved = (i: number): number => at(i) - pivot - weighted
  let [variance, weightedVariance] = [0, 0]
  for (let i = 0; i < n; i++) {
    variance += square(plain(i)) / n
    weightedVariance += weights[i]! * square(moved(i))
  }
  if (variance === 0) return { mean: none, sd: none }
  const sd = Math.sqrt(weightedVariance)
  return {
    mean: { quantity, value: Math.abs(weighted - mean) / sd, error: errorOf(n, (i) => n * weights[i]! * moved(i) - plain(i)) / sd },
    sd: {
      quantity,
      value: Math.abs(log(variance / weightedVariance)) / 2,
      error: errorOf(n, (i) => (n * weights[i]! * (square(moved(i)) / weightedVariance - 1) - (square(plain(i)) / variance - 1)) / 2)
    }
  }
}

/** The largest that a shift may be: two standard errors above its estimate. */
export const bound = ({ value, error }: Shift): number => value + 2 * error

const larger = (a: Shift, b: Shift): Shift => (bound(b) > bound(a) || Number.isNaN(bound(b)) ? b : a)

/** The largest shifts of all scalars of draws [draws, …], by weights that sum to 1. */
export const largestShifts = (draws: Readonly<Record<string, NDArray>>, weights: Float64Array): Shifts =>
  Object.entries(draws)
    .flatMap(
      ([
        site,
        {
          shape: [, ...event],
          data
        }
      ]) => {
        const size = sizeOf(event)
        return Array.from({ length: size }, (_, k) => shiftsOf(site + indexName(event, k), weights, (i) => data[i * size + k]!))
      }
    )
    .reduce((a, b) => ({ mean: larger(a.mean, b.mean), sd: larger(a.sd, b.sd) }), { mean: none, sd: none })
