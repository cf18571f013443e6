/**
 * Sums over the outer one of two dimensions. A few rows at a time are summed up in registers, vector by vector, and added to sums in memory: rows are
 * read from their start to their end, where one pass for each vector would go through all of memory again and again.
 */
import type { FunctionBuilder } from "../../assembler/function.ts"
import type { Access, Nest } from "../../plan/nest.ts"
import { bytesOf, widthOf } from "../../plan/nest.ts"
import type { Functions } from "../../unit.ts"
import { Body } from "./body.ts"
import { isWide, Sums, turnsInFloat32 } from "./sums.ts"
import { vectors } from "./vectors.ts"
import type { Offsets } from "./walk.ts"

/** Fewer bytes stay in a near cache from pass to pass. */
const least = 2 ** 18

export const isSwept = ({ lanes, vector, dimensions, loads, stores, reductions }: Nest): boolean => {
  const [rows, columns] = dimensions
  const large = [...loads, ...stores].filter((a) => a.strides.every((s) => s !== 0))
  return (
    lanes !== "f64" &&
    dimensions.length === 2 &&
    rows!.reduced &&
    !columns!.reduced &&
    vector === 1 &&
    columns!.size > 4 * widthOf[lanes] &&
    large.reduce((n, a) => n + rows!.size * columns!.size * bytesOf(a.dtype), 0) >= least &&
    reductions.every((r) => r.by === "sum" && r.dtype === (lanes === "f32x4" ? "f32" : "f64"))
  )
}

const bytesOfSum = (nest: Nest, r: Nest["reductions"][number]): number => (isWide(nest, r) ? 32 : 16)

/** Bytes of the sums in memory. */
export const sweptWorkspace = (nest: Nest): number =>
  isSwept(nest)
    ? nest.reductions.reduce((n, r) => n + bytesOfSum(nest, r) * Math.ceil(nest.dimensions[1]!.size / widthOf[nest.lanes]), 0)
    : 0

/** Each pointer of a nest is a parameter, and its workspace the last one. */
export const writeSwept = (nest: Nest, f: FunctionBuilder, functions: Functions): void => {
  const width = widthOf[nest.lanes]
  const [rows, columns] = nest.dimensions as [Nest["dimensions"][number], Nest["dimensions"][number]]
  const workspace = f.params.length - 1
  const bases = new Array<number>()
  let top = 0
  const places = nest.reductions.map((r): Access => {
    const bytes = bytesOfSum(nest, r)
    const pointer = f.local("i32")
    bases.push(top)
    f.get(workspace).i32(top).op("i32.add").set(pointer)
    top += bytes * Math.ceil(columns.size / width)
    return { pointer, dtype: r.dtype, strides: [0, bytes / width] }
  })
  f.get(workspace).i32(0).i32(top).fill()
  const body = new Body(nest, f, functions, places)
  const sums = new Sums(body)
  const { walk } = body
  const across = (offsets: Offsets, inner: (o: Offsets, many: number, count: number) => void): void =>
    vectors.run(nest, offsets, (steps, by, many, o, count) => walk.repeated(1, steps, by, o, (at) => inner(at, many, count)))
  const some = (steps: number, offsets: Offsets): void =>
    across(offsets, (o, many, count) => {
      sums.resume(places, many, o)
      body.read((a) => a.strides[0] === 0 && a.strides[1] !== 0, o, many, count)
      walk.repeated(0, steps, 1, o, (at) => {
        body.read((a) => a.strides[0] !== 0, at, many, count)
        body.compute(at, many, count)
        sums.add(many, count)
      })
      sums.spill(places, many, o)
    })
  body.read((a) => a.strides.every((s) => s === 0), walk.start, 1, width)
  const blocks = Math.floor(rows.size / turnsInFloat32)
  const after = walk.repeated(0, blocks, turnsInFloat32, walk.start, (o) => some(turnsInFloat32, o))
  if (rows.size > blocks * turnsInFloat32) some(rows.size - blocks * turnsInFloat32, after)
  across(walk.start, (o, many, count) => sums.finishSpilled(places, many, count, o))
}
