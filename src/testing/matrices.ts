import { range } from "../graph/shape.ts"
import type { NDArray } from "../graph/types.ts"

export const rowsOf = ({ shape: [rows = 0, columns = 0], data }: NDArray): ReadonlyArray<ArrayLike<number>> =>
  range(rows).map((i) => data.slice(i * columns, (i + 1) * columns))

/** The largest absolute value. */
export const largest = (values: ArrayLike<number>): number => Array.from(values).reduce((m, v) => Math.max(m, Math.abs(v)), 0)

export const sumOfSizes = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, v) => sum + Math.abs(v), 0)

/** The ∞-norm. */
const norm = (rows: ReadonlyArray<ArrayLike<number>>): number => Math.max(0, ...rows.map(sumOfSizes))

/** log |det| of a square matrix, and how much an error of ε (1 + ‖A‖) in its elements can change it: n (1 + ‖A‖) ‖A⁻¹‖. By Gauss–Jordan
 * elimination with pivots. */
export const eliminate = (rows: ReadonlyArray<ArrayLike<number>>): { readonly logDet: number; readonly condition: number } => {
  const n = rows.length
  const a = rows.map((row, i) => [...Array.from(row), ...range(n).map((j) => (i === j ? 1 : 0))])
  let logDet = 0
  for (let k = 0; k < n; k++) {
    const p = range(n - k, k).reduce((best, i) => (Math.abs(a[i]![k]!) > Math.abs(a[best]![k]!) ? i : best))
    ;[a[k], a[p]] = [a[p]!, a[k]!]
    const pivot = a[k]![k]!
    logDet += Math.log(Math.abs(pivot))
    a[k] = a[k]!.map((v) => v / pivot)
    for (const i of range(n)) {
      const factor = a[i]![k]!
      if (i !== k) a[i] = a[i]!.map((v, j) => v - factor * a[k]![j]!)
    }
  }
  return { logDet, condition: n * (1 + norm(rows)) * norm(a.map((row) => row.slice(n))) }
}
