/** One function of a module, written instruction by instruction. Instructions have the names of the text format. */
import { Bytes } from "./bytes.ts"
import type { Pool } from "./pool.ts"
import { access, atomic, lane, laneAccess, saturating, scalar, simd, simdAccess } from "./opcodes.ts"

export const valueTypes = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const
export type ValueType = keyof typeof valueTypes

/** Vectors of real lanes. */
export type RealLanes = "f32x4" | "f64x2"

export type Operation = keyof typeof scalar | keyof typeof saturating | keyof typeof simd
export type Access = keyof typeof access | keyof typeof simdAccess

/** Bytes of the instructions without immediates. */
const operations: ReadonlyMap<string, ReadonlyArray<number>> = new Map([
  ...Object.entries(scalar).map(([name, code]): [string, ReadonlyArray<number>] => [name, [code]]),
  ...Object.entries(saturating).map(([name, code]): [string, ReadonlyArray<number>] => [name, [0xfc, code]]),
  ...Object.entries(simd).map(([name, code]): [string, ReadonlyArray<number>] => [
    name,
    code < 128 ? [0xfd, code] : [0xfd, (code & 127) | 128, code >> 7]
  ])
])

export class FunctionBuilder {
  readonly params: ReadonlyArray<ValueType>
  readonly results: ReadonlyArray<ValueType>
  readonly locals: Array<ValueType> = []
  private readonly code = new Bytes()
  private readonly scratch = new Map<string, number>()
  /** Whether relaxed SIMD, with its fused multiply-add, may be used. */
  readonly relaxed: boolean
  private readonly pool: Pool

  /** `pool` holds the constant vectors of the module. */
  constructor(params: ReadonlyArray<ValueType>, results: ReadonlyArray<ValueType>, relaxed: boolean, pool: Pool) {
    this.params = params
    this.results = results
    this.relaxed = relaxed
    this.pool = pool
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    return this.code.contents
  }

  /** A fresh local; the parameters are locals 0, 1, … */
  local(type: ValueType): number {
    return this.params.length + this.locals.push(type) - 1
  }

  get(local: number): this {
    this.code.byte(0x20).unsigned(local)
    return this
  }

  set(local: number): this {
    this.code.byte(0x21).unsigned(local)
    return this
  }

  /** Sets the local and leaves the value on the stack. */
  tee(local: number): this {
    this.code.byte(0x22).unsigned(local)
    return this
  }

  op(name: Operation): this {
    this.code.append(operations.get(name)!)
    return this
  }

  i32(value: number): this {
    this.code.byte(0x41).signed(value)
    return this
  }

  i64(value: bigint): this {
    this.code.byte(0x42).signedLong(value)
    return this
  }

  f32(value: number): this {
    this.code.byte(0x43).f32(value)
    return this
  }

  f64(value: number): this {
    this.code.byte(0x44).f64(value)
    return this
  }

  /** A vector with `value` in every lane. */
  splat(lanes: RealLanes | "i32x4", value: number): this
  splat(lanes: "i64x2", value: bigint): this
  splat(lanes: RealLanes | "i32x4" | "i64x2", value: number | bigint): this {
    this.code.byte(0x23).unsigned(this.pool.splat(lanes, value))
    return this
  }

  /** The vector of these 16 bytes. */
  constant(vector: Uint8Array): this {
    this.code.byte(0x23).unsigned(this.pool.vector(vector))
    return this
  }

  /** Reads, or with the value on top of the address writes, at the address plus `offset` bytes. */
  memory(name: Access, offset = 0): this {
    if (name in access) this.code.byte(access[name as keyof typeof access])
    else this.code.byte(0xfd).unsigned(simdAccess[name as keyof typeof simdAccess])
    this.code.unsigned(0).unsigned(offset)
    return this
  }

  laneMemory(name: keyof typeof laneAccess, index: number, offset = 0): this {
    this.code.byte(0xfd).unsigned(laneAccess[name]).unsigned(0).unsigned(offset).byte(index)
    return this
  }

  /** On 32 bits at the address on the stack plus `offset` bytes. */
  atomic(name: keyof typeof atomic, offset = 0): this {
    this.code.byte(0xfe).unsigned(atomic[name]).unsigned(2).unsigned(offset)
    return this
  }

  lane(name: keyof typeof lane, index: number): this {
    this.code.byte(0xfd).unsigned(lane[name]).byte(index)
    return this
  }

  /** Bytes picked out of the two vectors on the stack, 0 … 15 of the first, 16 … 31 of the second. */
  shuffle(bytes: ReadonlyArray<number>): this {
    this.code.byte(0xfd).unsigned(13).append(bytes)
    return this
  }

  /** a, b, c on the stack → a · b + c, with one rounding where the machine has relaxed SIMD and two otherwise. */
  madd(lanes: RealLanes): this {
    if (this.relaxed) return this.op(`${lanes}.relaxed_madd`)
    const c = this.temporary("madd")
    return this.set(c).op(`${lanes}.mul`).get(c).op(`${lanes}.add`)
  }

  /** a, b, c on the stack → c − a · b. */
  nmadd(lanes: RealLanes): this {
    if (this.relaxed) return this.op(`${lanes}.relaxed_nmadd`)
    const c = this.temporary("madd")
    const product = this.temporary("product")
    return this.set(c).op(`${lanes}.mul`).set(product).get(c).get(product).op(`${lanes}.sub`)
  }

  private temporary(name: string): number {
    const local = this.scratch.get(name) ?? this.local("v128")
    this.scratch.set(name, local)
    return local
  }

  drop(): this {
    this.code.byte(0x1a)
    return this
  }

  /** a, b, condition (i32) on the stack → a where it is not 0, else b. */
  select(type?: ValueType): this {
    if (type === undefined) this.code.byte(0x1b)
    else this.code.byte(0x1c).byte(1).byte(valueTypes[type])
    return this
  }

  call(index: number): this {
    this.code.byte(0x10).unsigned(index)
    return this
  }

  unreachable(): this {
    this.code.byte(0x00)
    return this
  }

  return(): this {
    this.code.byte(0x0f)
    return this
  }

  block(body: () => void): this {
    return this.nested(0x02, body)
  }

  loop(body: () => void): this {
    return this.nested(0x03, body)
  }

  /** With the condition on the stack. */
  if(then: () => void, otherwise?: () => void, result?: ValueType): this {
    this.code.byte(0x04).byte(result === undefined ? 0x40 : valueTypes[result])
    then()
    if (otherwise !== undefined) {
      this.code.byte(0x05)
      otherwise()
    }
    this.code.byte(0x0b)
    return this
  }

  private nested(opcode: number, body: () => void): this {
    this.code.byte(opcode).byte(0x40)
    body()
    this.code.byte(0x0b)
    return this
  }

  /** To the end of the enclosing block, or the start of the enclosing loop, `depth` levels out. */
  br(depth: number): this {
    this.code.byte(0x0c).unsigned(depth)
    return this
  }

  brIf(depth: number): this {
    this.code.byte(0x0d).unsigned(depth)
    return this
  }

  /** for (i = from; i < to; i += step): signed, known to the compiler; nothing is written when it is empty. */
  for(i: number, from: number, to: number, step: number, body: () => void): this {
    if (from >= to) return this
    return this.i32(from)
      .set(i)
      .loop(() => {
        body()
        this.get(i).i32(step).op("i32.add").tee(i).i32(to).op("i32.lt_s").brIf(0)
      })
  }

  /** destination, source, byte count on the stack. */
  copy(): this {
    this.code.append([0xfc, 0x0a, 0, 0])
    return this
  }

  /** destination, byte, byte count on the stack. */
  fill(): this {
    this.code.append([0xfc, 0x0b, 0])
    return this
  }
}
