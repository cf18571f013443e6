import type { TypedArray } from "pushforward"

const levels = [0.05, 0.25, 0.5, 0.75, 0.95]

/** Quantiles of each column of the first `rows` rows of a table [n, d]: [d, 5]. */
export const quantilesOf = (table: TypedArray, rows: number, d: number): Float32Array => {
  const all = new Float32Array(d * levels.length)
  const column = new Float32Array(rows)
  for (let j = 0; j < d; j++) {
    for (let i = 0; i < rows; i++) column[i] = table[i * d + j]!
    column.sort()
    levels.forEach((level, k) => (all[j * levels.length + k] = column[Math.round(level * (rows - 1))]!))
  }
  return all
}
