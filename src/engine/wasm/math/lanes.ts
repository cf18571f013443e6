/** Arithmetic on the lanes of vectors, written as calls that append instructions to a function. */
import type { FunctionBuilder, Operation } from "../assembler/function.ts"
import type { Real } from "./emitter.ts"

/** A vector held in a local. */
export interface Vector {
  readonly local: number
}

/** A vector, or a number that stands in every lane. */
export type Operand = Vector | number

/** The operations of one lane type; each writes its instructions and gives a fresh local with the result. */
export class Lanes {
  readonly f: FunctionBuilder
  readonly dtype: Real
  private readonly real: "f32x4" | "f64x2"
  private readonly integer: "i32x4" | "i64x2"

  private readonly callee: (name: string) => void

  /** `callee` writes a call of a function of the table. */
  constructor(f: FunctionBuilder, dtype: Real, callee: (name: string) => void = () => {}) {
    this.f = f
    this.dtype = dtype
    this.callee = callee
    this.real = dtype === "f32" ? "f32x4" : "f64x2"
    this.integer = dtype === "f32" ? "i32x4" : "i64x2"
  }

  /** One of two constants, by the lane type. */
  pick<A>(f32: A, f64: A): A {
    return this.dtype === "f32" ? f32 : f64
  }

  push(...operands: ReadonlyArray<Operand>): void {
    for (const a of operands) {
      if (typeof a === "number") this.f.splat(this.real, a)
      else this.f.get(a.local)
    }
  }

  /** What is on the stack, in a fresh local. */
  pop(): Vector {
    const local = this.f.local("v128")
    this.f.set(local)
    return { local }
  }

  private write(name: Operation, ...operands: ReadonlyArray<Operand>): Vector {
    this.push(...operands)
    this.f.op(name)
    return this.pop()
  }

  constant = (value: number): Vector => (this.push(value), this.pop())
  add = (a: Operand, b: Operand): Vector => this.write(`${this.real}.add`, a, b)
  sub = (a: Operand, b: Operand): Vector => this.write(`${this.real}.sub`, a, b)
  mul = (a: Operand, b: Operand): Vector => this.write(`${this.real}.mul`, a, b)
  div = (a: Operand, b: Operand): Vector => this.write(`${this.real}.div`, a, b)
  neg = (a: Operand): Vector => this.write(`${this.real}.neg`, a)
  abs = (a: Operand): Vector => this.write(`${this.real}.abs`, a)
  sqrt = (a: Operand): Vector => this.write(`${this.real}.sqrt`, a)
  floor = (a: Operand): Vector => this.write(`${this.real}.floor`, a)
  trunc = (a: Operand): Vector => this.write(`${this.real}.trunc`, a)
  nearest = (a: Operand): Vector => this.write(`${this.real}.nearest`, a)

  /** Another function of the table. */
  call(name: string, ...operands: ReadonlyArray<Operand>): Vector {
    this.push(...operands)
    this.callee(name)
    return this.pop()
  }

  /** Gives the local of a `constant` a new value. */
  assign(variable: Vector, value: Operand): void {
    this.push(value)
    this.f.set(variable.local)
  }

  /** Once, and again as long as the mask that `body` gives holds in some lane. */
  repeatWhile(body: () => Vector): void {
    this.f.loop(() => {
      this.push(body())
      this.f.op("v128.any_true").brIf(0)
    })
  }

  /** a where b is not less, else b: NaN where a is NaN. */
  atMost = (a: Operand, b: Operand): Vector => this.write(`${this.real}.pmin`, a, b)
  /** a where b is not greater, else b: NaN where a is NaN. */
  atLeast = (a: Operand, b: Operand): Vector => this.write(`${this.real}.pmax`, a, b)

  /** ab + c. */
  madd(a: Operand, b: Operand, c: Operand): Vector {
    this.push(a, b, c)
    this.f.madd(this.real)
    return this.pop()
  }

  /** c − ab. */
  nmadd(a: Operand, b: Operand, c: Operand): Vector {
    this.push(a, b, c)
    this.f.nmadd(this.real)
    return this.pop()
  }

  /** c₀ + c₁x + c₂x² + … by Horner's rule. */
  polynomial(x: Operand, coefficients: ReadonlyArray<number>): Vector {
    const [last, ...others] = coefficients.toReversed()
    return others.reduce<Vector>((sum, c) => this.madd(sum, x, c), this.constant(last!))
  }

  eq = (a: Operand, b: Operand): Vector => this.write(`${this.real}.eq`, a, b)
  ne = (a: Operand, b: Operand): Vector => this.write(`${this.real}.ne`, a, b)
  lt = (a: Operand, b: Operand): Vector => this.write(`${this.real}.lt`, a, b)
  gt = (a: Operand, b: Operand): Vector => this.write(`${this.real}.gt`, a, b)
  le = (a: Operand, b: Operand): Vector => this.write(`${this.real}.le`, a, b)
  ge = (a: Operand, b: Operand): Vector => this.write(`${this.real}.ge`, a, b)

  and = (a: Operand, b: Operand): Vector => this.write("v128.and", a, b)
  or = (a: Operand, b: Operand): Vector => this.write("v128.or", a, b)
  xor = (a: Operand, b: Operand): Vector => this.write("v128.xor", a, b)
  /** a without the bits of b. */
  andNot = (a: Operand, b: Operand): Vector => this.write("v128.andnot", a, b)
  not = (a: Operand): Vector => this.write("v128.not", a)

  /** a where the mask holds, else b. */
  select = (mask: Vector, a: Operand, b: Operand): Vector => this.write("v128.bitselect", a, b, mask)

  /** The sign bit alone. */
  sign = (a: Operand): Vector => this.and(a, -0)

  /** The integer in every lane, as bits. */
  bits(value: number): Vector {
    if (this.integer === "i32x4") this.f.splat("i32x4", value)
    else this.f.splat("i64x2", BigInt(value))
    return this.pop()
  }

  intAdd = (a: Operand, b: Operand): Vector => this.write(`${this.integer}.add`, a, b)
  intSub = (a: Operand, b: Operand): Vector => this.write(`${this.integer}.sub`, a, b)
  intEq = (a: Operand, b: Operand): Vector => this.write(`${this.integer}.eq`, a, b)
  shl = (a: Operand, count: number): Vector => this.shift("shl", a, count)
  /** With the sign's copies shifted in. */
  shr = (a: Operand, count: number): Vector => this.shift("shr_s", a, count)
  /** With zeros shifted in. */
  shrZero = (a: Operand, count: number): Vector => this.shift("shr_u", a, count)

  private shift(name: "shl" | "shr_s" | "shr_u", a: Operand, count: number): Vector {
    this.push(a)
    this.f.i32(count).op(`${this.integer}.${name}`)
    return this.pop()
  }

  /** `other()` where the mask holds and `usual` elsewhere; nothing of `other` runs unless some lane needs it. */
  except(mask: Vector, usual: Vector, other: () => Vector): Vector {
    const local = this.f.local("v128")
    this.f.get(usual.local).set(local).get(mask.local).op("v128.any_true")
    this.f.if(() => {
      this.f.get(this.select(mask, other(), usual).local).set(local)
    })
    return { local }
  }
}
