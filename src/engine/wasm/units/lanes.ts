/** Loads, stores, conversions and operations on lanes: what a nest of loops is made of. */
import type { FunctionBuilder } from "../assembler/function.ts"
import type { DType } from "../../../graph/types.ts"
import type { Real } from "../math/emitter.ts"
import { mathFunctions } from "../math/table.ts"
import type { Push } from "../operations.ts"
import { integerOperations, isLogical, realOperations, scalarOperations } from "../operations.ts"
import type { Lanes } from "../plan/nest.ts"
import { bytesOf } from "../plan/nest.ts"
import type { Functions } from "../unit.ts"

/** What a register holds: reals, 32-bit integers, or masks. On single numbers all are float64. */
export type Kind = "real" | "integer" | "mask"

export const kindOf = (dtype: DType): Kind => (dtype === "bool" ? "mask" : dtype === "i32" || dtype === "u32" ? "integer" : "real")

/** Pushes the address of an element, less the part that fits an immediate offset, which it gives. */
export type Address = (extra: number) => number

/** Pushes `count` lanes from `stride` bytes apart. With a stride of 0 all lanes are the one number. */
export const load = (f: FunctionBuilder, lanes: Lanes, dtype: DType, stride: number, count: number, address: Address): void => {
  const bytes = bytesOf(dtype)
  if (lanes === "f64") {
    const at = address(0)
    if (dtype === "f64") f.memory("f64.load", at)
    else if (dtype === "f32") f.memory("f32.load", at).op("f64.promote_f32")
    else f.memory("i32.load", at).op(dtype === "u32" ? "f64.convert_i32_u" : "f64.convert_i32_s")
    return
  }
  if (stride === 0) f.memory(bytes === 8 ? "v128.load64_splat" : "v128.load32_splat", address(0))
  else if (stride === bytes) f.memory(lanes === "f32x4" || bytes === 8 ? "v128.load" : "v128.load64_zero", address(0))
  else gathered(f, bytes, stride, count, address)
  if (dtype === "bool") {
    f.splat("i32x4", 0).op("i32x4.gt_s")
    if (lanes === "f64x2") f.op("i64x2.extend_low_i32x4_s")
  }
  if (dtype === "f32" && lanes === "f64x2") f.op("f64x2.promote_low_f32x4")
}

const gathered = (f: FunctionBuilder, bytes: number, stride: number, count: number, address: Address): void => {
  const vector = f.local("v128")
  const first = address(0)
  f.memory(bytes === 8 ? "v128.load64_zero" : "v128.load32_zero", first).set(vector)
  for (let k = 1; k < count; k++) {
    const at = address(k * stride)
    f.get(vector)
      .laneMemory(bytes === 8 ? "v128.load64_lane" : "v128.load32_lane", k, at)
      .set(vector)
  }
  f.get(vector)
}

/** Stores the first `count` lanes of a local, `stride` bytes apart. */
export const store = (
  f: FunctionBuilder,
  lanes: Lanes,
  dtype: DType,
  stride: number,
  local: number,
  count: number,
  address: Address
): void => {
  if (lanes === "f64") {
    const at = address(0)
    f.get(local)
    if (dtype === "f64") f.memory("f64.store", at)
    else if (dtype === "f32") f.op("f32.demote_f64").memory("f32.store", at)
    else f.op(dtype === "u32" ? "i32.trunc_sat_f64_u" : "i32.trunc_sat_f64_s").memory("i32.store", at)
    return
  }
  const bytes = bytesOf(dtype)
  const apart = count > 1 && stride !== bytes
  const at = apart ? 0 : address(0)
  f.get(local)
  let width = lanes === "f32x4" ? 16 : 8
  if (dtype === "bool") {
    if (lanes === "f64x2") f.get(local).shuffle([0, 1, 2, 3, 8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11])
    f.splat("i32x4", 1).op("v128.and")
  } else if (lanes === "f64x2") {
    if (dtype === "f32") f.op("f32x4.demote_f64x2_zero")
    else width = 16
  }
  if (apart) {
    const packed = f.local("v128")
    f.set(packed)
    for (let k = 0; k < count; k++) {
      const offset = address(k * stride)
      f.get(packed).laneMemory(bytes === 8 ? "v128.store64_lane" : "v128.store32_lane", k, offset)
    }
    return
  }
  const wanted = count * bytes
  if (wanted === width && width === 16) return void f.memory("v128.store", at)
  const packed = f.local("v128")
  const pointer = f.local("i32")
  f.set(packed).set(pointer)
  if (wanted >= 8) f.get(pointer).get(packed).laneMemory("v128.store64_lane", 0, at)
  if (wanted % 8 === 4)
    f.get(pointer)
      .get(packed)
      .laneMemory("v128.store32_lane", (wanted - 4) / 4, at + wanted - 4)
}

/** Converts what was pushed, of dtype `from`, for a use as `to`. */
const converted = (f: FunctionBuilder, lanes: Lanes, from: Kind, to: Kind): void => {
  if (lanes === "f64" || from === to) return
  if (to === "mask") {
    const zero = from === "integer" ? "i32x4" : lanes
    f.splat(zero, 0).op(`${zero}.ne`)
  } else if (from === "mask") f.splat(to === "integer" ? "i32x4" : lanes, 1).op("v128.and")
  else f.op(from === "real" ? "i32x4.trunc_sat_f32x4_s" : "f32x4.convert_i32x4_s")
}

/** One operand of an operation: pushes it as it is. */
export interface Pushed {
  readonly dtype: DType
  readonly push: () => void
  /** The number that it is, where it is one. */
  readonly number?: number | undefined
}

/** A number in every lane. */
export const pushNumber = (f: FunctionBuilder, lanes: Lanes, value: number, dtype: DType): void => {
  const kind = kindOf(dtype)
  if (lanes === "f64") f.f64(value)
  else if (kind === "mask") f.splat("i32x4", value === 0 ? 0 : -1)
  else if (kind === "integer") f.splat("i32x4", value)
  else f.splat(lanes, value)
}

/** Whether vectors of these lanes can do it; single numbers can do everything. */
export const isVectorised = (op: string, dtype: DType, operands: ReadonlyArray<DType>): boolean => {
  const integers = operands.some((d) => kindOf(d) === "integer")
  if (op === "cast" || op === "select" || op === "copy" || isLogical(op)) return true
  if (kindOf(dtype) === "integer" || integers) return op in integerOperations && operands.every((d) => kindOf(d) !== "real")
  return operands.some((d) => kindOf(d) === "real")
}

/** Pushes the result of an operation. */
export const operate = (
  f: FunctionBuilder,
  functions: Functions,
  lanes: Lanes,
  op: string,
  dtype: DType,
  operands: ReadonlyArray<Pushed>
): void => {
  if (lanes === "f64") return scalar(f, functions, op, dtype, operands)
  const as =
    (kind: Kind): Push =>
    (k) => {
      operands[k]!.push()
      converted(f, lanes, kindOf(operands[k]!.dtype), kind)
    }
  const kind = kindOf(dtype)
  if (op === "cast" || op === "copy") {
    as(kind)(0)
    if (dtype === "f32" && operands[0]!.dtype === "f64") f.op("f32x4.demote_f64x2_zero").op("f64x2.promote_low_f32x4")
  } else if (op === "select") {
    const push: Push = (k) => as(k === 0 ? "mask" : kind)(k)
    const zero = operands.findIndex((o) => Object.is(o.number, 0))
    if (zero < 1) return realOperations["select"]!(f, lanes, push)
    push(3 - zero)
    push(0)
    f.op(zero === 1 ? "v128.andnot" : "v128.and")
  } else if (isLogical(op)) realOperations[op]!(f, lanes, as("mask"))
  else if (operands.some((o) => kindOf(o.dtype) === "integer")) integerOperations[op]!(f, as("integer"))
  else if (op in realOperations) realOperations[op]!(f, lanes, as("real"))
  else {
    operands.forEach((_, k) => as("real")(k))
    apply(f, functions, op, lanes === "f32x4" ? "f32" : "f64")
  }
}

/** A mathematical function of what is on the stack. */
const apply = (f: FunctionBuilder, functions: Functions, op: string, dtype: Real): void => {
  const { arguments: count, inline, emit } = mathFunctions[op]!
  const call = (name: string, as: Real = dtype): void => void f.call(functions.math(name, as))
  if (!inline) return call(op)
  const locals = Array.from({ length: count }, () => f.local("v128"))
  for (const local of locals.toReversed()) f.set(local)
  emit(f, dtype, call, locals)
}

const scalar = (f: FunctionBuilder, functions: Functions, op: string, dtype: DType, operands: ReadonlyArray<Pushed>): void => {
  const push: Push = (k) => operands[k]!.push()
  const whole = kindOf(dtype) === "integer"
  if (op === "cast") {
    push(0)
    if (dtype === "bool") f.f64(0).op("f64.ne").op("f64.convert_i32_u")
  } else if (op in scalarOperations) scalarOperations[op]!(f, push)
  else {
    operands.forEach((_, k) => {
      push(k)
      f.op("f64x2.splat")
    })
    f.call(functions.math(op, "f64")).lane("f64x2.extract_lane", 0)
  }
  if (whole) f.op("f64.trunc")
}
