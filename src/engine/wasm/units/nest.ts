/** Code of a nest of loops. */
import type { FunctionBuilder } from "../assembler/function.ts"
import type { DType } from "../../../graph/types.ts"
import type { Access, Argument, Combine, Nest } from "../plan/nest.ts"
import { widthOf } from "../plan/nest.ts"
import type { Functions } from "../unit.ts"
import type { Address, Kind, Pushed } from "./lanes.ts"
import { kindOf, load, operate, pushNumber, store } from "./lanes.ts"

/** The order of the loops: what is kept outside, what is reduced inside, vectors of a reduced dimension innermost. */
const orderOf = ({ dimensions, vector }: Nest): ReadonlyArray<number> => {
  const all = dimensions.map((_, d) => d)
  const kept = all.filter((d) => !dimensions[d]!.reduced)
  const reduced = all.filter((d) => dimensions[d]!.reduced)
  return vector !== undefined && dimensions[vector]!.reduced
    ? [...kept, ...reduced.filter((d) => d !== vector), vector]
    : [...kept, ...reduced]
}

/** Vectors that are worked on side by side: while one waits for its last result, others go on. */
const sideBySide = 4

/** The offset, in bytes, of accesses of one list of strides. */
interface Offset {
  /** Undefined: 0. */
  readonly local: number | undefined
  readonly extra: number
}

const identity: Readonly<Record<Combine, number>> = { sum: 0, prod: 1, max: -Infinity, min: Infinity }
const combining: Readonly<Record<Combine, "add" | "mul" | "maximum" | "minimum">> = {
  sum: "add",
  prod: "mul",
  max: "maximum",
  min: "minimum"
}

const integerIdentity: Readonly<Record<Combine, number>> = { sum: 0, prod: 1, max: -(2 ** 31), min: 2 ** 31 - 1 }

/** Sums of float32 of more terms than this are carried in float64, to which sums of so many turns of the innermost loop are added. */
const longSum = 512
const turnsInFloat32 = 16

export const writeNest = (nest: Nest, f: FunctionBuilder, functions: Functions): void => {
  const { lanes, dimensions, loads, members, stores, reductions } = nest
  const width = widthOf[lanes]
  const register = lanes === "f64" ? "f64" : "v128"
  const order = orderOf(nest)
  const vector = nest.vector ?? -1
  const vectorAt = order.indexOf(vector)
  const firstReduced = order.findIndex((d) => dimensions[d]!.reduced)
  const classes = new Map<string, ReadonlyArray<number>>()
  for (const a of [...loads, ...stores, ...reductions]) classes.set(a.strides.join(), a.strides)
  const terms = dimensions.reduce((n, d) => (d.reduced ? n * d.size : n), 1)
  const isWide = (source: DType, by: Combine): boolean => lanes === "f32x4" && source === "f32" && by === "sum" && terms > longSum

  type Offsets = ReadonlyMap<string, Offset>
  const start: Offsets = new Map([...classes.keys()].map((key) => [key, { local: undefined, extra: 0 }]))

  /** Registers: of loads by column, and of members by column. */
  const loaded = loads.map(() => new Map<number, number>())
  const results = members.map(() => new Map<number, number>())
  const sums = reductions.map(() => new Map<number, number>())
  /** The two halves of what is carried in float64. */
  const carried = reductions.map(() => new Map<number, readonly [number, number]>())
  const localOf = (map: Map<number, number>, key: number): number => {
    const local = map.get(key) ?? f.local(register)
    map.set(key, local)
    return local
  }

  const addressOf =
    (a: Access, offsets: Offsets, column: number): Address =>
    (more) => {
      const { local, extra } = offsets.get(a.strides.join())!
      f.get(a.pointer)
      if (local !== undefined) f.get(local).op("i32.add")
      const total = extra + more + (vector >= 0 ? column * width * a.strides[vector]! : 0)
      if (total >= 0) return total
      f.i32(total).op("i32.add")
      return 0
    }

  /** Bytes between the lanes. */
  const strideOf = (a: Access): number => (vector >= 0 ? a.strides[vector]! : 0)

  /** The innermost position whose loop moves the access. */
  const levelOf = (a: Access): number => order.reduce((level, d, p) => (a.strides[d] !== 0 ? p + 1 : level), 0)

  const loadAt = (level: number, offsets: Offsets, columns: number, count: number): void =>
    loads.forEach((a, i) => {
      if (levelOf(a) !== level) return
      const stride = strideOf(a)
      for (let c = 0; c < (stride === 0 ? 1 : columns); c++) {
        load(f, lanes, a.dtype, stride, count, addressOf(a, offsets, c))
        f.set(localOf(loaded[i]!, stride === 0 ? -1 : c))
      }
    })

  const dtypeOf = (x: Argument): DType => ("load" in x ? loads[x.load]!.dtype : "member" in x ? members[x.member]!.dtype : x.dtype)
  const push = (x: Argument, column: number): void => {
    if ("fill" in x) pushNumber(f, lanes, x.fill, x.dtype)
    else if ("member" in x) f.get(results[x.member]!.get(column)!)
    else f.get((loaded[x.load]!.get(-1) ?? loaded[x.load]!.get(column))!)
  }
  const operand = (x: Argument, column: number): Pushed => ({
    dtype: dtypeOf(x),
    push: () => push(x, column),
    number: "fill" in x ? x.fill : undefined
  })

  const initialise = (columns: number): void =>
    reductions.forEach((r, i) => {
      for (let c = 0; c < columns; c++) {
        if (lanes === "f64") f.f64(kindOf(r.dtype) === "integer" ? integerIdentity[r.by] : identity[r.by])
        else if (kindOf(r.dtype) === "real") f.splat(lanes, identity[r.by])
        else f.splat("i32x4", integerIdentity[r.by])
        f.set(localOf(sums[i]!, c))
        if (!isWide(r.source, r.by)) continue
        const halves = carried[i]!.get(c) ?? [f.local("v128"), f.local("v128")]
        carried[i]!.set(c, halves)
        for (const half of halves) f.splat("f64x2", 0).set(half)
      }
    })

  /** Adds what was summed in float32 to what is carried in float64. */
  const flush = (columns: number): void =>
    reductions.forEach((r, i) => {
      if (!isWide(r.source, r.by)) return
      for (let c = 0; c < columns; c++) {
        const sum = sums[i]!.get(c)!
        const [low, high] = carried[i]!.get(c)!
        f.get(sum).op("f64x2.promote_low_f32x4").get(low).op("f64x2.add").set(low)
        f.get(sum).get(sum).shuffle([8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15])
        f.op("f64x2.promote_low_f32x4").get(high).op("f64x2.add").set(high)
        f.splat("f32x4", 0).set(sum)
      }
    })
  const anyWide = reductions.some((r) => isWide(r.source, r.by))

  /** A reduction works on integers where its result is one: sums of truth are counts. */
  const sumKind = (r: { readonly dtype: DType }): DType => (kindOf(r.dtype) === "real" ? r.dtype : "i32")

  const pushTerm = (i: number, column: number, count: number): void => {
    const r = reductions[i]!
    const kind: Kind = kindOf(sumKind(r))
    operate(f, functions, lanes, "cast", sumKind(r), [operand(r.from, column)])
    if (count < width && dimensions[vector]?.reduced === true) {
      const lane = Array.from({ length: 16 }, (_, b) => (b < (16 / width) * count ? 255 : 0))
      pushNumber(f, lanes, kind === "integer" ? integerIdentity[r.by] : identity[r.by], sumKind(r))
      f.constant(Uint8Array.from(lane)).op("v128.bitselect")
    }
  }

  const accumulate = (columns: number, count: number): void =>
    reductions.forEach((r, i) => {
      for (let c = 0; c < columns; c++) {
        const sum = sums[i]!.get(c)!
        operate(f, functions, lanes, combining[r.by], sumKind(r), [
          { dtype: sumKind(r), push: () => f.get(sum) },
          { dtype: sumKind(r), push: () => pushTerm(i, c, count) }
        ])
        f.set(sum)
      }
    })

  const storeResult = (i: number, local: number, count: number, offsets: Offsets, column: number): void => {
    const r = reductions[i]!
    if (lanes !== "f64" && r.dtype === "bool") f.get(local).splat("i32x4", 0).op("i32x4.ne").set(local)
    store(f, lanes, r.dtype, strideOf(r), local, count, addressOf(r, offsets, column))
  }

  const finish = (columns: number, count: number, offsets: Offsets): void =>
    reductions.forEach((r, i) => {
      const wide = isWide(r.source, r.by)
      if (dimensions[vector]?.reduced !== true) {
        for (let c = 0; c < columns; c++) {
          const sum = sums[i]!.get(c)!
          if (wide) {
            const [low, high] = carried[i]!.get(c)!
            f.get(low).op("f32x4.demote_f64x2_zero").get(high).op("f32x4.demote_f64x2_zero")
            f.shuffle([0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]).set(sum)
          }
          storeResult(i, sum, count, offsets, c)
        }
        return
      }
      const dtype = wide ? "f64" : sumKind(r)
      const within = wide ? "f64x2" : lanes
      const parts = Array.from({ length: columns }, (_, c) => (wide ? carried[i]!.get(c)! : [sums[i]!.get(c)!])).flat()
      const total = parts[0]!
      const combine = (other: () => void): void => {
        operate(f, functions, within, combining[r.by], dtype, [
          { dtype, push: () => f.get(total) },
          { dtype, push: other }
        ])
        f.set(total)
      }
      for (const part of parts.slice(1)) combine(() => f.get(part))
      if (within === "f32x4") combine(() => f.get(total).get(total).shuffle([8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7]))
      if (within === "f32x4") combine(() => f.get(total).get(total).shuffle([4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11]))
      if (within === "f64x2") combine(() => f.get(total).get(total).shuffle([8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7]))
      if (wide) f.get(total).op("f32x4.demote_f64x2_zero").set(total)
      storeResult(i, total, 1, offsets, 0)
    })

  const body = (offsets: Offsets, columns: number, count: number): void => {
    members.forEach((m, i) => {
      for (let c = 0; c < columns; c++) {
        operate(
          f,
          functions,
          lanes,
          m.op,
          m.dtype,
          m.operands.map((x) => operand(x, c))
        )
        f.set(localOf(results[i]!, c))
      }
    })
    for (const s of stores)
      for (let c = 0; c < columns; c++) store(f, lanes, s.dtype, strideOf(s), results[s.from]!.get(c)!, count, addressOf(s, offsets, c))
    if (reductions.length > 0) accumulate(columns, count)
  }

  /** Runs `inner` at `steps` places of dimension `d`, `by` elements apart. */
  const repeated = (d: number, steps: number, by: number, offsets: Offsets, inner: (o: Offsets) => void): Offsets => {
    if (steps <= 0) return offsets
    const moved = new Map<string, Offset>()
    const shifted = (times: number): Offsets =>
      new Map([...offsets].map(([key, o]) => [key, { ...o, extra: o.extra + times * by * classes.get(key)![d]! }]))
    if (steps === 1) {
      inner(offsets)
      return shifted(1)
    }
    for (const [key, o] of offsets) {
      if (classes.get(key)![d] === 0) {
        moved.set(key, o)
        continue
      }
      const local = f.local("i32")
      if (o.local === undefined) f.i32(o.extra).set(local)
      else f.get(o.local).i32(o.extra).op("i32.add").set(local)
      moved.set(key, { local, extra: 0 })
    }
    const counter = f.local("i32")
    f.i32(steps).set(counter)
    f.loop(() => {
      inner(moved)
      for (const [key, o] of moved) {
        const step = by * classes.get(key)![d]!
        if (step !== 0) f.get(o.local!).i32(step).op("i32.add").set(o.local!)
      }
      f.get(counter).i32(1).op("i32.sub").tee(counter).brIf(0)
    })
    return moved
  }

  /** The innermost loop, a reduction carried in float64, adds up so much at a time. */
  const inTurns = (d: number, steps: number, by: number, columns: number, offsets: Offsets, inner: (o: Offsets) => void): Offsets => {
    if (!anyWide) return repeated(d, steps, by, offsets, inner)
    const blocks = Math.floor(steps / turnsInFloat32)
    const after = repeated(d, blocks, by * turnsInFloat32, offsets, (o) => {
      repeated(d, turnsInFloat32, by, o, inner)
      flush(columns)
    })
    const end = repeated(d, steps - blocks * turnsInFloat32, by, after, inner)
    if (steps > blocks * turnsInFloat32) flush(columns)
    return end
  }

  const level = (position: number, offsets: Offsets, columns: number, count: number): void => {
    if (position === firstReduced) initialise(position > vectorAt ? columns : breadth)
    loadAt(position, offsets, columns, count)
    const next = (o: Offsets): void => level(position + 1, o, columns, count)
    const innermost = position === order.length - 1
    if (position === order.length) body(offsets, columns, count)
    else if (position === vectorAt) vectors(position, offsets)
    else if (innermost) inTurns(order[position]!, dimensions[order[position]!]!.size, 1, columns, offsets, next)
    else repeated(order[position]!, dimensions[order[position]!]!.size, 1, offsets, next)
    if (position === firstReduced) finish(position > vectorAt ? columns : breadth, count, offsets)
  }

  const size = vector >= 0 ? dimensions[vector]!.size : 1
  const full = Math.floor(size / width)
  const breadth = Math.max(1, Math.min(sideBySide, full))

  /** The dimension of the vectors: several vectors at a time, then one, then what is left. */
  const vectors = (position: number, offsets: Offsets): void => {
    const rows = Math.floor(full / breadth)
    const next = (columns: number, count: number) => (o: Offsets) => level(position + 1, o, columns, count)
    const run =
      position === order.length - 1 && dimensions[vector]!.reduced
        ? inTurns
        : (d: number, steps: number, by: number, _: number, o: Offsets, inner: (o: Offsets) => void) => repeated(d, steps, by, o, inner)
    const afterRows = run(vector, rows, breadth * width, breadth, offsets, next(breadth, width))
    const afterSingles = breadth > 1 ? run(vector, full - rows * breadth, width, 1, afterRows, next(1, width)) : afterRows
    if (size % width > 0) {
      next(1, size % width)(afterSingles)
      if (run === inTurns && anyWide) flush(1)
    }
  }

  level(0, start, 1, lanes === "f64" || vector >= 0 ? width : 1)
}
