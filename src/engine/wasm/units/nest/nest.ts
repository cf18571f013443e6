/** Code of a nest of loops. */
import type { FunctionBuilder } from "../../assembler/function.ts"
import type { Access, Nest } from "../../plan/nest.ts"
import { widthOf } from "../../plan/nest.ts"
import type { Functions } from "../../unit.ts"
import { Body } from "./body.ts"
import { isSwept, writeSwept } from "./swept.ts"
import { Sums, turnsInFloat32 } from "./sums.ts"
import { vectors } from "./vectors.ts"
import type { Offsets } from "./walk.ts"

/** The order of the loops: what is kept outside, what is reduced inside, vectors of a reduced dimension innermost. */
const orderOf = ({ dimensions, vector }: Nest): ReadonlyArray<number> => {
  const all = dimensions.map((_, d) => d)
  const kept = all.filter((d) => !dimensions[d]!.reduced)
  const reduced = all.filter((d) => dimensions[d]!.reduced)
  return vector !== undefined && dimensions[vector]!.reduced
    ? [...kept, ...reduced.filter((d) => d !== vector), vector]
    : [...kept, ...reduced]
}

export const writeNest = (nest: Nest, f: FunctionBuilder, functions: Functions): void =>
  isSwept(nest) ? writeSwept(nest, f, functions) : writeLoops(nest, f, functions)

const writeLoops = (nest: Nest, f: FunctionBuilder, functions: Functions): void => {
  const { lanes, dimensions, reductions } = nest
  const body = new Body(nest, f, functions)
  const sums = new Sums(body)
  const order = orderOf(nest)
  const vectorAt = nest.vector === undefined ? -1 : order.indexOf(nest.vector)
  const firstReduced = order.findIndex((d) => dimensions[d]!.reduced)

  /** The innermost position whose loop moves the access. */
  const levelOf = (a: Access): number => order.reduce((level, d, p) => (a.strides[d] !== 0 ? p + 1 : level), 0)

  /** The innermost loop, a reduction carried in float64, adds up so much at a time. */
  const inTurns = (d: number, steps: number, by: number, columns: number, offsets: Offsets, inner: (o: Offsets) => void): Offsets => {
    if (!sums.anyWide) return body.walk.repeated(d, steps, by, offsets, inner)
    const blocks = Math.floor(steps / turnsInFloat32)
    const after = body.walk.repeated(d, blocks, by * turnsInFloat32, offsets, (o) => {
      body.walk.repeated(d, turnsInFloat32, by, o, inner)
      sums.flush(columns)
    })
    const end = body.walk.repeated(d, steps - blocks * turnsInFloat32, by, after, inner)
    if (steps > blocks * turnsInFloat32) sums.flush(columns)
    return end
  }

  const level = (position: number, offsets: Offsets, columns: number, count: number): void => {
    const inside = position > vectorAt ? columns : vectors.breadthOf(nest)
    if (position === firstReduced) sums.begin(inside)
    body.read((a) => levelOf(a) === position, offsets, columns, count)
    const innermost = position === order.length - 1
    const d = order[position]!
    if (position === order.length) {
      body.compute(offsets, columns, count)
      if (reductions.length > 0) sums.add(columns, count)
    } else if (position === vectorAt) {
      const turns = innermost && dimensions[d]!.reduced
      vectors.run(nest, offsets, (steps, by, many, o, some) => {
        const next = (at: Offsets): void => level(position + 1, at, many, some)
        return turns ? inTurns(d, steps, by, many, o, next) : body.walk.repeated(d, steps, by, o, next)
      })
    } else {
      const next = (o: Offsets): void => level(position + 1, o, columns, count)
      if (innermost) inTurns(d, dimensions[d]!.size, 1, columns, offsets, next)
      else body.walk.repeated(d, dimensions[d]!.size, 1, offsets, next)
    }
    if (position === firstReduced) sums.finish(inside, count, offsets)
  }
  level(0, body.walk.start, 1, lanes === "f64" || nest.vector !== undefined ? widthOf[lanes] : 1)
}
