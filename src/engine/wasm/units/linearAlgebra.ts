/** Factorisation over the last two dimensions. */
import { showShape, sizeOf } from "../../../graph/shape.ts"
import type { FunctionBuilder } from "../assembler/function.ts"
import type { Computation } from "../plan/computation.ts"
import { viewsOf } from "../plan/computation.ts"
import { bytesOf, keyOf } from "../plan/nest.ts"
import type { View } from "../plan/view.ts"
import type { Unit } from "../unit.ts"
import { counted } from "./loops.ts"
import { loadNumber, storeNumber } from "./scalar.ts"

/** Pushes the address of element (row, column) of a matrix. */
export const elementOf =
  (f: FunctionBuilder, bytes: number) =>
  (base: number, row: number, column: number, columns: number): FunctionBuilder =>
    f.get(base).get(row).i32(columns).op("i32.mul").get(column).op("i32.add").i32(bytes).op("i32.mul").op("i32.add")

export const choleskyUnit = (value: number, c: Computation): Unit => {
  const [x] = viewsOf(c) as [View]
  const d = c.shape.at(-1)!
  const bytes = bytesOf(c.dtype)
  const count = sizeOf(c.shape) / d / d
  return {
    name: "cholesky",
    label: showShape(c.shape),
    flops: (count * d * d * d) / 3,
    reads: [{ value: x.value, offset: x.offset * bytes }],
    writes: [{ value, offset: 0 }],
    workspace: 0,
    key: keyOf([c.dtype, count, d]),
    write: (f) => {
      const [matrix, i, j, k] = Array.from({ length: 4 }, () => f.local("i32")) as [number, number, number, number]
      const v = f.local("f64")
      const element = elementOf(f, bytes)
      f.get(1)
        .i32(0)
        .i32(sizeOf(c.shape) * bytes)
        .fill()
      f.for(matrix, 0, count, 1, () => {
        counted(
          f,
          i,
          () => f.i32(0),
          () => f.i32(d),
          () => {
            counted(
              f,
              j,
              () => f.i32(0),
              () => f.get(i).i32(1).op("i32.add"),
              () => {
                element(0, i, j, d)
                loadNumber(f, c.dtype)
                f.set(v)
                counted(
                  f,
                  k,
                  () => f.i32(0),
                  () => f.get(j),
                  () => {
                    f.get(v)
                    element(1, i, k, d)
                    loadNumber(f, c.dtype)
                    element(1, j, k, d)
                    loadNumber(f, c.dtype)
                    f.op("f64.mul").op("f64.sub").set(v)
                  }
                )
                f.get(i).get(j).op("i32.eq")
                f.if(
                  () => f.get(v).op("f64.sqrt"),
                  () => {
                    f.get(v)
                    element(1, j, j, d)
                    loadNumber(f, c.dtype)
                    f.op("f64.div")
                  },
                  "f64"
                )
                f.set(v)
                element(1, i, j, d)
                storeNumber(f, c.dtype, v)
              }
            )
          }
        )
        for (const p of [0, 1])
          f.get(p)
            .i32(d * d * bytes)
            .op("i32.add")
            .set(p)
      })
    }
  }
}
