/** Triangular systems over the last two dimensions: substitution by rows, on vectors of columns, with sums carried in float64. */
import { showShape, sizeOf } from "../../../graph/shape.ts"
import type { Computation } from "../plan/computation.ts"
import { viewsOf } from "../plan/computation.ts"
import { bytesOf, keyOf } from "../plan/nest.ts"
import type { View } from "../plan/view.ts"
import type { Unit } from "../unit.ts"
import { load, store } from "./lanes.ts"
import { elementOf } from "./linearAlgebra.ts"
import { counted } from "./loops.ts"

/** How many vectors of columns are solved side by side. */
const breadth = 4

export const triangularSolveUnit = (value: number, c: Computation): Unit => {
  const [l, b] = viewsOf(c) as [View, View]
  const d = l.shape.at(-1)!
  const m = c.shape.at(-1)!
  const transposed = c.attributes["transposed"] === true
  const bytes = bytesOf(c.dtype)
  const count = sizeOf(l.shape) / d / d
  return {
    name: "triangularSolve",
    label: `${showShape(l.shape)}, ${showShape(c.shape)}`,
    flops: count * d * d * m,
    reads: [l, b].map((v) => ({ value: v.value, offset: v.offset * bytes })),
    writes: [{ value, offset: 0 }],
    workspace: 0,
    key: keyOf([c.dtype, count, d, m, transposed]),
    write: (f) => {
      const i32 = (): number => f.local("i32")
      const [matrix, column, step, row, k] = [i32(), i32(), i32(), i32(), i32()]
      const [given, factor, found] = [i32(), i32(), i32()]
      const coefficient = f.local("v128")
      const sums = Array.from({ length: breadth }, () => f.local("v128"))
      const element = elementOf(f, bytes)
      const move = (pointer: number, by: number): void => void f.get(pointer).i32(by).op("i32.add").set(pointer)
      const loadColumns = (pointer: number, vector: number, of: number): void =>
        load(f, "f64x2", c.dtype, bytes, of, () => (f.get(pointer), 2 * vector * bytes))
      const loadCoefficient = (): void => {
        load(f, "f64x2", c.dtype, 0, 2, () => (f.get(factor), 0))
        f.set(coefficient)
      }
      const times = (i: number, limit: () => void, body: () => void): void => counted(f, i, () => f.i32(0), limit, body)

      /** All rows of `n` columns from `column` on. */
      const substitute = (n: number): void => {
        const vectors = Array.from({ length: Math.ceil(n / 2) }, (_, v) => [v, Math.min(2, n - 2 * v)] as const)
        const solveRow = (): void => {
          f.i32(d - 1)
            .get(step)
            .op("i32.sub")
            .get(step)
            .i32(transposed ? 1 : 0)
            .select()
            .set(row)
          element(1, row, column, m).set(given)
          for (const [v, of] of vectors) {
            loadColumns(given, v, of)
            f.set(sums[v]!)
          }
          // the coefficients of what is known: a row of L from its start on, or a column from its end on
          const first = i32()
          f.i32(transposed ? d - 1 : 0).set(first)
          if (transposed) element(0, first, row, d).set(factor)
          else element(0, row, first, d).set(factor)
          element(2, first, column, m).set(found)
          times(
            k,
            () => f.get(step),
            () => {
              loadCoefficient()
              for (const [v, of] of vectors) {
                f.get(coefficient)
                loadColumns(found, v, of)
                f.get(sums[v]!).nmadd("f64x2").set(sums[v]!)
              }
              move(factor, transposed ? -d * bytes : bytes)
              move(found, transposed ? -m * bytes : m * bytes)
            }
          )
          element(0, row, row, d).set(factor)
          element(2, row, column, m).set(found)
          loadCoefficient()
          for (const [v, of] of vectors) {
            f.get(sums[v]!).get(coefficient).op("f64x2.div").set(sums[v]!)
            store(f, "f64x2", c.dtype, bytes, sums[v]!, of, () => (f.get(found), 2 * v * bytes))
          }
        }
        times(step, () => f.i32(d), solveRow)
      }

      const together = 2 * breadth
      const left = m % together
      f.for(matrix, 0, count, 1, () => {
        f.for(column, 0, m - left, together, () => substitute(together))
        if (left > 0) {
          f.i32(m - left).set(column)
          substitute(left)
        }
        move(0, d * d * bytes)
        for (const p of [1, 2]) move(p, d * m * bytes)
      })
    }
  }
}
