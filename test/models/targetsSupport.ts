/** What the tests of the targets have in common. */
import type * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import type { NDArray } from "pushforward"
import { type ConditionalTarget, drawsOf, logDensities, type Target } from "../../models/gallery/targets/index.ts"
import { gammaQ } from "../../src/special/index.ts"
import { enter, leave, newAxis, under } from "../../src/trace/axes.ts"
import { evaluate } from "../../src/trace/evaluate.ts"

export const drawn = (target: Target | ConditionalTarget, draws: number, seed: number) =>
  Effect.runPromise(drawsOf(target, { draws, seed }))

export const rowsOf = ({ shape, data }: NDArray): ReadonlyArray<ReadonlyArray<number>> =>
  Array.from({ length: shape[0]! }, (_, i) => Array.from(data.subarray(i * shape[1]!, (i + 1) * shape[1]!)))

/** A mean and its standard error. */
export const meanOf = (values: ArrayLike<number>): { readonly mean: number; readonly error: number } => {
  const all = Array.from(values)
  const mean = all.reduce((sum, x) => sum + x, 0) / all.length
  return { mean, error: Math.sqrt(all.reduce((sum, x) => sum + (x - mean) ** 2, 0)) / all.length }
}

/** How far the mean of the log densities of draws is from minus the entropy, in standard errors. */
export const entropyError = (target: Target | ConditionalTarget, x: NDArray, context?: NDArray): number => {
  const { mean, error } = meanOf(logDensities(target, x, context))
  return Math.abs(mean + target.entropy) / error
}

/** The log densities of points, a row each, as a tensor function of one point gives them. */
export const byTensor = (f: (...point: ReadonlyArray<tf.Tensor>) => tf.Tensor, ...rows: ReadonlyArray<NDArray>): Float64Array => {
  const [values] = evaluate((...arrays) => {
    const axis = newAxis("point", rows[0]!.shape[0]!)
    return under(axis, () => leave(f(...arrays.map((array) => enter(array, axis))), axis))
  }, rows)
  return Float64Array.from(values!.data)
}

export const largestError = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((worst, x, i) => Math.max(worst, x === b[i] ? 0 : Math.abs(x - b[i]!)), 0)

/** The p-value of counts under expected ones, by the chi-square test; cells where few are expected are put together. */
export const pValue = (counts: ReadonlyArray<number>, expected: ReadonlyArray<number>): number => {
  const rare = expected.map((e) => e < 10)
  const pooled = (values: ReadonlyArray<number>) => [
    ...values.filter((_, i) => rare[i] !== true),
    values.reduce((sum, value, i) => (rare[i] === true ? sum + value : sum), 0)
  ]
  const [seen, hoped] = [pooled(counts), pooled(expected)]
  // fewer than ten together: they must not be seen much more often
  const statistic = hoped.reduce((sum, e, i) => sum + (seen[i]! - e) ** 2 / Math.max(e, 1), 0)
  return gammaQ((hoped.length - 1) / 2, statistic / 2)
}

/** The p-value of draws in the plane under a density, by the chi-square test on square cells about the origin. */
export const planeTest = (
  logDensity: (x: readonly [number, number]) => number,
  points: ReadonlyArray<ReadonlyArray<number>>,
  { half, cells, within }: { readonly half: number; readonly cells: number; readonly within: number }
): number => {
  const side = (2 * half) / cells
  const counts = Array.from({ length: cells ** 2 }, () => 0)
  const expected = counts.map(() => 0)
  const cellOf = (x: number): number => Math.min(cells - 1, Math.max(0, Math.floor((x + half) / side)))
  for (const [x, y] of points) counts[cellOf(x!) * cells + cellOf(y!)]! += 1
  const step = side / within
  for (let i = 0; i < cells * within; i++)
    for (let j = 0; j < cells * within; j++) {
      const p = step * step * Math.exp(logDensity([(i + 0.5) * step - half, (j + 0.5) * step - half]))
      expected[Math.floor(i / within) * cells + Math.floor(j / within)]! += points.length * p
    }
  return pValue(counts, expected)
}

/** Moments about the mean: of the powers given, of the first and the last coordinate. */
export const centralMoment = (
  points: ReadonlyArray<ReadonlyArray<number>>,
  first: number,
  last: number
): { mean: number; error: number } => {
  const centre = (k: number): number => meanOf(points.map((point) => point[k]!)).mean
  const end = points[0]!.length - 1
  const [a, b] = [centre(0), centre(end)]
  return meanOf(points.map((point) => (point[0]! - a) ** first * (point[end]! - b) ** last))
}
