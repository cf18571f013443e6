/** What becomes of a tile of a product: its elements are stored, or a nest of what follows them is. */
import type { FunctionBuilder } from "../../assembler/function.ts"
import type { Nest } from "../../plan/nest.ts"
import type { Functions } from "../../unit.ts"
import { Body } from "../nest/body.ts"
import type { Offsets } from "../nest/walk.ts"
import { Walk } from "../nest/walk.ts"
import type { Plan, Product } from "./plan.ts"

export interface Result {
  /** Dimension 0 are rows, 1 columns. */
  readonly walk: Walk
  /** The locals of the sums, row by row, of a tile that begins at the offsets. */
  readonly finish: (sums: ReadonlyArray<ReadonlyArray<number>>, columns: number, offsets: Offsets) => void
}

/** Stores the sums, or adds them to what is there. */
export const storing = (f: FunctionBuilder, { lanes, N }: Product, { bytes, width }: Plan, pointer: number, adds: boolean): Result => {
  const strides = [N * bytes, bytes]
  const walk = new Walk(f, [{ strides }])
  const out = f.local("i32")
  return {
    walk,
    finish: (sums, columns, offsets) => {
      const first = walk.address(pointer, strides, offsets, 0)
      f.set(out)
      sums.forEach((row, r) =>
        row.forEach((vector, v) => {
          const offset = first + r * N * bytes + 16 * v
          const here = Math.min(width, columns - v * width)
          if (adds) f.get(out).memory("v128.load", offset).get(vector).op(`${lanes}.add`).set(vector)
          if (here === width) f.get(out).get(vector).memory("v128.store", offset)
          else storePart(f, out, vector, offset, here * bytes)
        })
      )
    }
  }
}

/** Stores the first bytes of a vector, a multiple of 4 and fewer than 16. */
const storePart = (f: FunctionBuilder, out: number, vector: number, offset: number, size: number): void => {
  if (size >= 8) f.get(out).get(vector).laneMemory("v128.store64_lane", 0, offset)
  if (size % 8 === 4)
    f.get(out)
      .get(vector)
      .laneMemory("v128.store32_lane", (size - 4) / 4, offset + size - 4)
}

/** Computes the nest, whose dimensions are those of the result. */
export const following = (f: FunctionBuilder, functions: Functions, nest: Nest, { width }: Plan): Result => {
  const body = new Body(nest, f, functions)
  const some = (sums: ReadonlyArray<number>, count: number, offsets: Offsets): void => {
    if (sums.length === 0) return
    body.product = sums
    body.read(() => true, offsets, sums.length, count)
    body.compute(offsets, sums.length, count)
  }
  return {
    walk: body.walk,
    finish: (sums, columns, offsets) =>
      sums.forEach((row, r) => {
        const full = Math.floor(columns / width)
        const at = body.walk.shifted(0, r, offsets)
        some(row.slice(0, full), width, at)
        some(row.slice(full), columns - full * width, body.walk.shifted(1, full * width, at))
      })
  }
}
