/** Factorisation and triangular systems, over the last two dimensions. */
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
const elementOf =
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
      const [matrix, q, r, i, k] = Array.from({ length: 5 }, () => f.local("i32")) as [number, number, number, number, number]
      const v = f.local("f64")
      const element = elementOf(f, bytes)
      f.for(matrix, 0, count, 1, () => {
        counted(
          f,
          q,
          () => f.i32(0),
          () => f.i32(m),
          () => {
            counted(
              f,
              r,
              () => f.i32(0),
              () => f.i32(d),
              () => {
                if (transposed)
                  f.i32(d - 1)
                    .get(r)
                    .op("i32.sub")
                    .set(i)
                else f.get(r).set(i)
                element(1, i, q, m)
                loadNumber(f, c.dtype)
                f.set(v)
                const from = (): void => void (transposed ? f.get(i).i32(1).op("i32.add") : f.i32(0))
                const to = (): void => void (transposed ? f.i32(d) : f.get(i))
                counted(f, k, from, to, () => {
                  f.get(v)
                  if (transposed) element(0, k, i, d)
                  else element(0, i, k, d)
                  loadNumber(f, c.dtype)
                  element(2, k, q, m)
                  loadNumber(f, c.dtype)
                  f.op("f64.mul").op("f64.sub").set(v)
                })
                f.get(v)
                element(0, i, i, d)
                loadNumber(f, c.dtype)
                f.op("f64.div").set(v)
                element(2, i, q, m)
                storeNumber(f, c.dtype, v)
              }
            )
          }
        )
        f.get(0)
          .i32(d * d * bytes)
          .op("i32.add")
          .set(0)
        for (const p of [1, 2])
          f.get(p)
            .i32(d * m * bytes)
            .op("i32.add")
            .set(p)
      })
    }
  }
}
