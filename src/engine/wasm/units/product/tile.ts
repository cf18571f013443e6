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
  /** Where the tile's factors begin. */
  readonly left: number
  readonly right: number
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

/** The sums of `rows` × `columns` elements along `length` steps of K: locals, row by row. */
export const writeTile = (
  f: FunctionBuilder,
  { lanes }: Product,
  { bytes, width }: Plan,
  steps: Steps,
  { left, right, a, b, k, sums, columns: vectors, spread }: Registers,
  rows: number,
  columns: number,
  length: number
): ReadonlyArray<ReadonlyArray<number>> => {
  const used = Math.ceil(columns / width)
  const splat = bytes === 4 ? "v128.load32_splat" : "v128.load64_splat"
  const tile = Array.from({ length: rows }, (_, r) => sums.slice(r * used, (r + 1) * used))
  for (const sum of tile.flat()) f.splat(lanes, 0).set(sum)
  f.get(left).set(a).get(right).set(b)
  const step = (at: number): void => {
    for (let v = 0; v < used; v++)
      f.get(b)
        .memory("v128.load", at * steps.right + 16 * v)
        .set(vectors[v]!)
    tile.forEach((row, r) => {
      f.get(a)
        .memory(splat, r * steps.leftRow + at * steps.left)
        .set(spread)
      row.forEach((sum, v) => f.get(spread).get(vectors[v]!).get(sum).madd(lanes).set(sum))
    })
  }
  f.for(k, 0, Math.floor(length / unroll), 1, () => {
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
  return tile
}
