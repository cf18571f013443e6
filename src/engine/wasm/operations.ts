/** Elementwise operations in instructions: on vectors of reals or of integers with masks for truth, and on single float64 numbers. */
import type { FunctionBuilder, Operation, RealLanes } from "./assembler/function.ts"
import { mathFunctions } from "./math/table.ts"

/** Pushes operand k. */
export type Push = (k: number) => void

type Real = (f: FunctionBuilder, lanes: RealLanes, push: Push) => void
type Integer = (f: FunctionBuilder, push: Push) => void
type Scalar = (f: FunctionBuilder, push: Push) => void

const each = (push: Push, operands: number): void => {
  for (let k = 0; k < operands; k++) push(k)
}

const lanewise =
  (name: "neg" | "abs" | "sqrt" | "floor" | "ceil" | "nearest" | "add" | "sub" | "mul" | "div", operands: number): Real =>
  (f, lanes, push) => {
    each(push, operands)
    f.op(`${lanes}.${name}`)
  }

/** NaN if either is: pmax(a, b) is a where a is NaN; where b is, all bits are set. Three instructions, where `max` becomes eight. */
const extremum =
  (name: "pmax" | "pmin"): Real =>
  (f, lanes, push) => {
    push(0)
    push(1)
    f.op(`${lanes}.${name}`)
    push(1)
    push(1)
    f.op(`${lanes}.ne`).op("v128.or")
  }

const comparison =
  (name: "eq" | "ne" | "lt" | "le" | "gt" | "ge"): Real =>
  (f, lanes, push) => {
    each(push, 2)
    f.op(`${lanes}.${name}`)
  }

const masks =
  (name: "v128.and" | "v128.or" | "v128.xor" | "v128.not", operands: number): Real =>
  (f, _, push) => {
    each(push, operands)
    f.op(name)
  }

const chosen = (f: FunctionBuilder, push: Push): void => {
  push(1)
  push(2)
  push(0)
  f.op("v128.bitselect")
}

/** On vectors of reals; comparisons and tests give masks, and `not`, `and`, `or`, `xor` and the first operand of `select` take them. */
export const realOperations: Readonly<Record<string, Real>> = {
  copy: (_, __, push) => push(0),
  neg: lanewise("neg", 1),
  abs: lanewise("abs", 1),
  sqrt: lanewise("sqrt", 1),
  floor: lanewise("floor", 1),
  ceil: lanewise("ceil", 1),
  round: lanewise("nearest", 1),
  add: lanewise("add", 2),
  sub: lanewise("sub", 2),
  mul: lanewise("mul", 2),
  div: lanewise("div", 2),
  maximum: extremum("pmax"),
  minimum: extremum("pmin"),
  square: (f, lanes, push) => {
    push(0)
    push(0)
    f.op(`${lanes}.mul`)
  },
  relu: (f, lanes, push) => {
    push(0)
    f.splat(lanes, 0).op(`${lanes}.pmax`)
  },
  rsqrt: (f, lanes, push) => {
    f.splat(lanes, 1)
    push(0)
    f.op(`${lanes}.sqrt`).op(`${lanes}.div`)
  },
  reciprocal: (f, lanes, push) => {
    f.splat(lanes, 1)
    push(0)
    f.op(`${lanes}.div`)
  },
  sign: (f, lanes, push) => {
    f.splat(lanes, 1).splat(lanes, -1)
    push(0)
    push(0)
    f.splat(lanes, 0).op(`${lanes}.lt`).op("v128.bitselect")
    push(0)
    f.splat(lanes, 0).op(`${lanes}.gt`).op("v128.bitselect")
  },
  greater: comparison("gt"),
  greaterEqual: comparison("ge"),
  less: comparison("lt"),
  lessEqual: comparison("le"),
  equal: comparison("eq"),
  notEqual: comparison("ne"),
  isnan: (f, lanes, push) => {
    push(0)
    push(0)
    f.op(`${lanes}.ne`)
  },
  isinf: (f, lanes, push) => {
    push(0)
    f.op(`${lanes}.abs`).splat(lanes, Infinity).op(`${lanes}.eq`)
  },
  isfinite: (f, lanes, push) => {
    push(0)
    push(0)
    f.op(`${lanes}.sub`).splat(lanes, 0).op(`${lanes}.eq`)
  },
  not: masks("v128.not", 1),
  and: masks("v128.and", 2),
  or: masks("v128.or", 2),
  xor: masks("v128.xor", 2),
  select: (f, _, push) => chosen(f, push)
}

const integerOperation =
  (name: Operation, operands: number): Integer =>
  (f, push) => {
    each(push, operands)
    f.op(name)
  }

/** On vectors of 32-bit integers. */
export const integerOperations: Readonly<Record<string, Integer>> = {
  copy: (_, push) => push(0),
  neg: integerOperation("i32x4.neg", 1),
  abs: integerOperation("i32x4.abs", 1),
  add: integerOperation("i32x4.add", 2),
  sub: integerOperation("i32x4.sub", 2),
  mul: integerOperation("i32x4.mul", 2),
  maximum: integerOperation("i32x4.max_s", 2),
  minimum: integerOperation("i32x4.min_s", 2),
  greater: integerOperation("i32x4.gt_s", 2),
  greaterEqual: integerOperation("i32x4.ge_s", 2),
  less: integerOperation("i32x4.lt_s", 2),
  lessEqual: integerOperation("i32x4.le_s", 2),
  equal: integerOperation("i32x4.eq", 2),
  notEqual: integerOperation("i32x4.ne", 2),
  select: chosen
}

const scalarOperation =
  (name: Operation, operands: number): Scalar =>
  (f, push) => {
    each(push, operands)
    f.op(name)
  }

const truth = (f: FunctionBuilder): FunctionBuilder => f.op("f64.convert_i32_u")

const scalarComparison =
  (name: Operation): Scalar =>
  (f, push) => {
    each(push, 2)
    truth(f.op(name))
  }

const scalarLogic =
  (name: Operation): Scalar =>
  (f, push) => {
    for (const k of [0, 1]) {
      push(k)
      f.f64(0).op("f64.ne")
    }
    truth(f.op(name))
  }

/** On single numbers of any dtype, in float64; truth is 1 or 0. */
export const scalarOperations: Readonly<Record<string, Scalar>> = {
  copy: (_, push) => push(0),
  neg: scalarOperation("f64.neg", 1),
  abs: scalarOperation("f64.abs", 1),
  sqrt: scalarOperation("f64.sqrt", 1),
  floor: scalarOperation("f64.floor", 1),
  ceil: scalarOperation("f64.ceil", 1),
  round: scalarOperation("f64.nearest", 1),
  add: scalarOperation("f64.add", 2),
  sub: scalarOperation("f64.sub", 2),
  mul: scalarOperation("f64.mul", 2),
  div: scalarOperation("f64.div", 2),
  maximum: scalarOperation("f64.max", 2),
  minimum: scalarOperation("f64.min", 2),
  square: (f, push) => {
    push(0)
    push(0)
    f.op("f64.mul")
  },
  relu: (f, push) => {
    push(0)
    f.f64(0).op("f64.max")
  },
  rsqrt: (f, push) => {
    f.f64(1)
    push(0)
    f.op("f64.sqrt").op("f64.div")
  },
  reciprocal: (f, push) => {
    f.f64(1)
    push(0)
    f.op("f64.div")
  },
  sign: (f, push) => {
    f.f64(1).f64(-1)
    push(0)
    push(0)
    f.f64(0).op("f64.lt").select()
    push(0)
    f.f64(0).op("f64.gt").select()
  },
  greater: scalarComparison("f64.gt"),
  greaterEqual: scalarComparison("f64.ge"),
  less: scalarComparison("f64.lt"),
  lessEqual: scalarComparison("f64.le"),
  equal: scalarComparison("f64.eq"),
  notEqual: scalarComparison("f64.ne"),
  isnan: (f, push) => {
    push(0)
    push(0)
    truth(f.op("f64.ne"))
  },
  isinf: (f, push) => {
    push(0)
    truth(f.op("f64.abs").f64(Infinity).op("f64.eq"))
  },
  isfinite: (f, push) => {
    push(0)
    push(0)
    truth(f.op("f64.sub").f64(0).op("f64.eq"))
  },
  not: (f, push) => {
    push(0)
    truth(f.f64(0).op("f64.eq"))
  },
  and: scalarLogic("i32.and"),
  or: scalarLogic("i32.or"),
  xor: scalarLogic("i32.xor"),
  select: (f, push) => {
    push(1)
    push(2)
    push(0)
    f.f64(0).op("f64.ne").select()
  }
}

/** Operations on masks. */
export const isLogical = (op: string): boolean => op === "not" || op === "and" || op === "or" || op === "xor"

export const isElementwise = (op: string): boolean => op in scalarOperations || op === "cast" || op in mathFunctions
