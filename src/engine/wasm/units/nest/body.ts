/** What is done for each vector of a nest, in registers: operands are read, members computed and stored. */
import type { DType } from "../../../../graph/types.ts"
import type { FunctionBuilder } from "../../assembler/function.ts"
import type { Access, Argument, Nest } from "../../plan/nest.ts"
import { widthOf } from "../../plan/nest.ts"
import type { Functions } from "../../unit.ts"
import type { Address, Pushed } from "../lanes.ts"
import { load, operate, pushNumber, store } from "../lanes.ts"
import type { Offsets } from "./walk.ts"
import { Walk } from "./walk.ts"

/** Columns are the vectors that are worked on side by side. */
export class Body {
  readonly nest: Nest
  readonly f: FunctionBuilder
  readonly functions: Functions
  readonly walk: Walk
  private readonly loaded: ReadonlyArray<Map<number, number>>
  private readonly results: ReadonlyArray<Map<number, number>>
  /** Locals that hold elements of a matrix product, by column. */
  product: ReadonlyArray<number> = []

  /** `others` are accesses beside those of the nest that the loops move. */
  constructor(nest: Nest, f: FunctionBuilder, functions: Functions, others: ReadonlyArray<Access> = []) {
    this.nest = nest
    this.f = f
    this.functions = functions
    this.walk = new Walk(f, [...nest.loads, ...nest.stores, ...nest.reductions, ...others])
    this.loaded = nest.loads.map(() => new Map())
    this.results = nest.members.map(() => new Map())
  }

  /** Bytes between the lanes. */
  strideOf(a: Access): number {
    return this.nest.vector === undefined ? 0 : a.strides[this.nest.vector]!
  }

  addressOf(a: Access, offsets: Offsets, column: number): Address {
    const before = column * widthOf[this.nest.lanes] * this.strideOf(a)
    return (more) => this.walk.address(a.pointer, a.strides, offsets, before + more)
  }

  register(map: Map<number, number>, key: number): number {
    const local = map.get(key) ?? this.f.local(this.nest.lanes === "f64" ? "f64" : "v128")
    map.set(key, local)
    return local
  }

  /** Reads the operands that the test picks. */
  read(test: (a: Access) => boolean, offsets: Offsets, columns: number, count: number): void {
    const { f, nest } = this
    nest.loads.forEach((a, i) => {
      if (!test(a)) return
      const stride = this.strideOf(a)
      for (let c = 0; c < (stride === 0 ? 1 : columns); c++) {
        load(f, nest.lanes, a.dtype, stride, count, this.addressOf(a, offsets, c))
        f.set(this.register(this.loaded[i]!, stride === 0 ? -1 : c))
      }
    })
  }

  operand(x: Argument, column: number): Pushed {
    const { f, nest } = this
    if ("fill" in x) return { dtype: x.dtype, number: x.fill, push: () => pushNumber(f, nest.lanes, x.fill, x.dtype) }
    if ("product" in x) return { dtype: x.product, push: () => void f.get(this.product[column]!) }
    const dtype: DType = "member" in x ? nest.members[x.member]!.dtype : nest.loads[x.load]!.dtype
    const local = (): number =>
      "member" in x ? this.results[x.member]!.get(column)! : (this.loaded[x.load]!.get(-1) ?? this.loaded[x.load]!.get(column)!)
    return { dtype, push: () => void f.get(local()) }
  }

  /** Computes the members and stores those that are wanted. */
  compute(offsets: Offsets, columns: number, count: number): void {
    const { f, functions, nest } = this
    nest.members.forEach((m, i) => {
      for (let c = 0; c < columns; c++) {
        const operands = m.operands.map((x) => this.operand(x, c))
        operate(f, functions, nest.lanes, m.op, m.dtype, operands)
        f.set(this.register(this.results[i]!, c))
      }
    })
    for (const s of nest.stores)
      for (let c = 0; c < columns; c++)
        store(f, nest.lanes, s.dtype, this.strideOf(s), this.results[s.from]!.get(c)!, count, this.addressOf(s, offsets, c))
  }
}
