/**
 * Classifier two-sample test: how well a classifier tells two samples apart, on draws that it was not trained on. One half: not at all.
 *
 * @see Lopez-Paz & Oquab 2017, "Revisiting Classifier Two-Sample Tests".
 */
import type { NDArray } from "pushforward"

/** A point with its sample, 0 or 1. */
interface Labelled {
  readonly x: ReadonlyArray<number>
  readonly sample: number
}

const rowsOf = ({ shape: [count = 0, size = 1], data }: NDArray): ReadonlyArray<ReadonlyArray<number>> =>
  Array.from({ length: count }, (_, i) => Array.from(data.subarray(i * size, (i + 1) * size)))

/** In units of the first sample's standard deviations. */
const scaled = (
  rows: ReadonlyArray<ReadonlyArray<number>>,
  by: ReadonlyArray<ReadonlyArray<number>>
): ReadonlyArray<ReadonlyArray<number>> => {
  const mean = by[0]!.map((_, j) => by.reduce((sum, row) => sum + row[j]!, 0) / by.length)
  const sd = mean.map((m, j) => Math.sqrt(by.reduce((sum, row) => sum + (row[j]! - m) ** 2, 0) / by.length))
  return rows.map((row) => row.map((value, j) => (value - mean[j]!) / sd[j]!))
}

/** The share of the second sample among the k training points nearest to x. */
const shareNear = (x: ReadonlyArray<number>, training: ReadonlyArray<Labelled>, k: number): number => {
  const distances = new Float64Array(k).fill(Infinity)
  const samples = new Uint8Array(k)
  for (const { x: other, sample } of training) {
    let distance = 0
    for (let j = 0; j < x.length; j++) distance += (x[j]! - other[j]!) ** 2
    if (distance >= distances[k - 1]!) continue
    let at = k - 1
    for (; at > 0 && distances[at - 1]! > distance; at--) {
      distances[at] = distances[at - 1]!
      samples[at] = samples[at - 1]!
    }
    distances[at] = distance
    samples[at] = sample
  }
  return samples.reduce((sum, sample) => sum + sample, 0) / k
}

/**
 * The accuracy of a classifier by the k nearest neighbours, k odd and near √n of the n training points, by cross-validation in five parts.
 * Samples are [n, d], equally large, and their rows independent.
 */
export const c2st = (first: NDArray, second: NDArray, folds = 5): number => {
  const [a, b] = [rowsOf(first), rowsOf(second)]
  const all = [a, b].flatMap((rows, sample) => scaled(rows, a).map((x, i) => ({ x, sample, fold: i % folds })))
  const k = 2 * Math.round(Math.sqrt((all.length * (folds - 1)) / folds) / 2) + 1
  const correct = Array.from({ length: folds }, (_, fold) => {
    const training = all.filter((point) => point.fold !== fold)
    return all.filter((point) => point.fold === fold && (shareNear(point.x, training, k) > 0.5 ? 1 : 0) === point.sample).length
  })
  return correct.reduce((sum, n) => sum + n, 0) / all.length
}
