/** The innermost part of a product: a tile of the result stays in registers while it runs along K. */
import type { FunctionBuilder } from "../../assembler/function.ts"
import type { Plan, Product } from "./plan.ts"
import { highest } from "./plan.ts"

/** Where a tile finds its factors, in bytes. */
export interface Steps {
  readonly leftRow: number
  readonly left: number
  readonly right: number
}

/** Locals. */
export interface Registers {
  /** Where the tile's factors and its result begin. */
  readonly left: number
  readonly right: number
  readonly out: number
  readonly a: number
  readonly b: number
  readonly k: number
  readonly sums: ReadonlyArray<number>
  readonly columns: ReadonlyArray<number>
  readonly spread: number
}

export const registersOf = (f: FunctionBuilder, { vectors }: Plan): Registers => {
  const i32 = (): number => f.local("i32")
  const v128 = (): number => f.local("v128")
  return {
    left: i32(),
    right: i32(),
    out: i32(),
    a: i32(),
    b: i32(),
    k: i32(),
    sums: Array.from({ length: 2 * highest }, v128),
    columns: Array.from({ length: vectors }, v128),
    spread: v128()
  }
}

/** Steps of K without a jump. */
const unroll = 4

/** The sums of `rows` × `count` elements along `length` steps of K, added to the result or stored there. */
export const writeTile = (
  f: FunctionBuilder,
  { lanes, N }: Product,
  { bytes, width }: Plan,
  steps: Steps,
  { left, right, out, a, b, k, sums, columns, spread }: Registers,
  { rows, count, length, adds }: { readonly rows: number; readonly count: number; readonly length: number; readonly adds: boolean }
): void => {
  const used = Math.ceil(count / width)
  const splat = bytes === 4 ? "v128.load32_splat" : "v128.load64_splat"
  for (let s = 0; s < rows * used; s++) f.splat(lanes, 0).set(sums[s]!)
  f.get(left).set(a).get(right).set(b)
  const step = (at: number): void => {
    for (let v = 0; v < used; v++)
      f.get(b)
        .memory("v128.load", at * steps.right + 16 * v)
        .set(columns[v]!)
    for (let r = 0; r < rows; r++) {
      f.get(a)
        .memory(splat, r * steps.leftRow + at * steps.left)
        .set(spread)
      for (let v = 0; v < used; v++) {
        const sum = sums[r * used + v]!
        f.get(spread).get(columns[v]!).get(sum).madd(lanes).set(sum)
      }
    }
  }
  const turns = Math.floor(length / unroll)
  f.for(k, 0, turns, 1, () => {
    for (let at = 0; at < unroll; at++) step(at)
    f.get(a)
      .i32(unroll * steps.left)
      .op("i32.add")
      .set(a)
      .get(b)
      .i32(unroll * steps.right)
      .op("i32.add")
      .set(b)
  })
  for (let at = 0; at < length % unroll; at++) step(at)
  for (let r = 0; r < rows; r++)
    for (let v = 0; v < used; v++) {
      const vector = sums[r * used + v]!
      const offset = r * N * bytes + 16 * v
      const here = Math.min(width, count - v * width)
      if (adds) f.get(out).memory("v128.load", offset).get(vector).op(`${lanes}.add`).set(vector)
      if (here === width) f.get(out).get(vector).memory("v128.store", offset)
      else storePart(f, out, vector, offset, here * bytes)
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
