/** The reductions of a nest, in registers. */
import type { DType } from "../../../../graph/types.ts"
import type { Access, Combine, Nest, Reduction } from "../../plan/nest.ts"
import { widthOf } from "../../plan/nest.ts"
import { kindOf, operate, pushNumber, store } from "../lanes.ts"
import type { Body } from "./body.ts"
import type { Offsets } from "./walk.ts"

const identity: Readonly<Record<Combine, number>> = { sum: 0, prod: 1, max: -Infinity, min: Infinity }
const integerIdentity: Readonly<Record<Combine, number>> = { sum: 0, prod: 1, max: -(2 ** 31), min: 2 ** 31 - 1 }
const combining: Readonly<Record<Combine, "add" | "mul" | "maximum" | "minimum">> = {
  sum: "add",
  prod: "mul",
  max: "maximum",
  min: "minimum"
}

/** Sums of float32 of more terms than this are carried in float64, to which sums of so many turns of the innermost loop are added. */
const longSum = 512
export const turnsInFloat32 = 16

const termsOf = ({ dimensions }: Nest): number => dimensions.reduce((n, d) => (d.reduced ? n * d.size : n), 1)

export const isWide = (nest: Nest, { source, by }: Reduction): boolean =>
  nest.lanes === "f32x4" && source === "f32" && by === "sum" && termsOf(nest) > longSum

/** A reduction works on integers where its result is one: sums of truth are counts. */
const workingDtype = (r: Reduction): DType => (kindOf(r.dtype) === "real" ? r.dtype : "i32")

const highHalf = [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15]
const halves = [8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7]
const pairs = [4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11]

export class Sums {
  private readonly body: Body
  private readonly sums: ReadonlyArray<Map<number, number>>
  /** The two halves of what is carried in float64; undefined for what is not. */
  private readonly carried: ReadonlyArray<Map<number, readonly [number, number]> | undefined>
  readonly anyWide: boolean

  constructor(body: Body) {
    this.body = body
    this.sums = body.nest.reductions.map(() => new Map())
    this.carried = body.nest.reductions.map((r) => (isWide(body.nest, r) ? new Map() : undefined))
    this.anyWide = this.carried.some((c) => c !== undefined)
  }

  private each(columns: number, run: (r: Reduction, i: number, column: number, sum: number) => void): void {
    const { nest } = this.body
    nest.reductions.forEach((r, i) => {
      for (let c = 0; c < columns; c++) run(r, i, c, this.body.register(this.sums[i]!, c))
    })
  }

  /** Sets what runs in registers to the identity. */
  begin(columns: number): void {
    const { f, nest } = this.body
    this.each(columns, (r, i, c, sum) => {
      if (nest.lanes === "f64") f.f64(kindOf(r.dtype) === "integer" ? integerIdentity[r.by] : identity[r.by])
      else if (kindOf(r.dtype) === "real") f.splat(nest.lanes, identity[r.by])
      else f.splat("i32x4", integerIdentity[r.by])
      f.set(sum)
      const carried = this.carried[i]
      if (carried === undefined) return
      const both = carried.get(c) ?? ([f.local("v128"), f.local("v128")] as const)
      carried.set(c, both)
      for (const half of both) f.splat("f64x2", 0).set(half)
    })
  }

  private pushTerm(r: Reduction, column: number, count: number): void {
    const { f, functions, nest } = this.body
    const dtype = workingDtype(r)
    const width = widthOf[nest.lanes]
    operate(f, functions, nest.lanes, "cast", dtype, [this.body.operand(r.from, column)])
    if (count === width || nest.vector === undefined || !nest.dimensions[nest.vector]!.reduced) return
    const lane = Array.from({ length: 16 }, (_, b) => (b < (16 / width) * count ? 255 : 0))
    pushNumber(f, nest.lanes, kindOf(dtype) === "integer" ? integerIdentity[r.by] : identity[r.by], dtype)
    f.constant(Uint8Array.from(lane)).op("v128.bitselect")
  }

  /** Takes in what the body has computed. */
  add(columns: number, count: number): void {
    const { f, functions, nest } = this.body
    this.each(columns, (r, _, c, sum) => {
      const dtype = workingDtype(r)
      operate(f, functions, nest.lanes, combining[r.by], dtype, [
        { dtype, push: () => void f.get(sum) },
        { dtype, push: () => this.pushTerm(r, c, count) }
      ])
      f.set(sum)
    })
  }

  private pushDouble(sum: number, half: 0 | 1): void {
    const { f } = this.body
    f.get(sum)
    if (half === 1) f.get(sum).shuffle(highHalf)
    f.op("f64x2.promote_low_f32x4")
  }

  /** Adds what was summed in float32 to what is carried in float64. */
  flush(columns: number): void {
    const { f } = this.body
    this.each(columns, (_, i, c, sum) => {
      const both = this.carried[i]?.get(c)
      if (both === undefined) return
      both.forEach((half, k) => {
        this.pushDouble(sum, k as 0 | 1)
        f.get(half).op("f64x2.add").set(half)
      })
      f.splat("f32x4", 0).set(sum)
    })
  }

  private narrow(sum: number, low: () => void, high: () => void): void {
    const { f } = this.body
    low()
    f.op("f32x4.demote_f64x2_zero")
    high()
    f.op("f32x4.demote_f64x2_zero").shuffle([0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]).set(sum)
  }

  private store(r: Reduction, local: number, count: number, offsets: Offsets, column: number): void {
    const { f, nest } = this.body
    if (nest.lanes !== "f64" && r.dtype === "bool") f.get(local).splat("i32x4", 0).op("i32x4.ne").set(local)
    store(f, nest.lanes, r.dtype, this.body.strideOf(r), local, count, this.body.addressOf(r, offsets, column))
  }

  /** Stores the results: the lanes as they are, or one number of all where they run along a reduced dimension. */
  finish(columns: number, count: number, offsets: Offsets): void {
    const { f, nest } = this.body
    if (nest.vector !== undefined && nest.dimensions[nest.vector]!.reduced) return this.finishAcross(columns, offsets)
    this.each(columns, (r, i, c, sum) => {
      const both = this.carried[i]?.get(c)
      if (both !== undefined)
        this.narrow(
          sum,
          () => void f.get(both[0]),
          () => void f.get(both[1])
        )
      this.store(r, sum, count, offsets, c)
    })
  }

  private finishAcross(columns: number, offsets: Offsets): void {
    const { f, functions, nest } = this.body
    nest.reductions.forEach((r, i) => {
      const carried = this.carried[i]
      const dtype = carried === undefined ? workingDtype(r) : "f64"
      const lanes = carried === undefined ? nest.lanes : "f64x2"
      const parts = Array.from({ length: columns }, (_, c) => carried?.get(c) ?? [this.sums[i]!.get(c)!]).flat()
      const [total, ...others] = parts as [number, ...Array<number>]
      const combine = (other: () => void): void => {
        operate(f, functions, lanes, combining[r.by], dtype, [
          { dtype, push: () => void f.get(total) },
          { dtype, push: other }
        ])
        f.set(total)
      }
      for (const part of others) combine(() => void f.get(part))
      if (lanes !== "f64") combine(() => void f.get(total).get(total).shuffle(halves))
      if (lanes === "f32x4") combine(() => void f.get(total).get(total).shuffle(pairs))
      if (carried !== undefined) f.get(total).op("f32x4.demote_f64x2_zero").set(total)
      this.store(r, total, 1, offsets, 0)
    })
  }

  /** Goes on from sums in memory; what is carried in float64 begins anew. */
  resume(places: ReadonlyArray<Access>, columns: number, offsets: Offsets): void {
    const { f } = this.body
    this.each(columns, (_, i, c, sum) => {
      if (this.carried[i] !== undefined) f.splat("f32x4", 0).set(sum)
      else f.memory("v128.load", this.body.addressOf(places[i]!, offsets, c)(0)).set(sum)
    })
  }

  /** Leaves the sums in memory; what is carried in float64 is added to what is there. */
  spill(places: ReadonlyArray<Access>, columns: number, offsets: Offsets): void {
    const { f } = this.body
    this.each(columns, (_, i, c, sum) => {
      const at = this.body.addressOf(places[i]!, offsets, c)
      if (this.carried[i] === undefined) {
        const immediate = at(0)
        return void f.get(sum).memory("v128.store", immediate)
      }
      for (const half of [0, 1] as const) {
        const immediate = at(16 * half)
        f.memory("v128.load", at(16 * half))
        this.pushDouble(sum, half)
        f.op("f64x2.add").memory("v128.store", immediate)
      }
    })
  }

  /** Stores the results from there. */
  finishSpilled(places: ReadonlyArray<Access>, columns: number, count: number, offsets: Offsets): void {
    const { f } = this.body
    this.each(columns, (r, i, c, sum) => {
      const read = (half: 0 | 1): void => {
        const immediate = this.body.addressOf(places[i]!, offsets, c)(16 * half)
        f.memory("v128.load", immediate)
      }
      if (this.carried[i] === undefined) {
        read(0)
        f.set(sum)
      } else
        this.narrow(
          sum,
          () => read(0),
          () => read(1)
        )
      this.store(r, sum, count, offsets, c)
    })
  }
}
