/** Elementwise primitives, with NumPy broadcasting: a value and a derivative each. */
import { TraceError } from "../../errors.ts"
import * as special from "../../special/index.ts"
import { add, apply, div, mul, neg, select, sub, thin, unbroadcast } from "../bind.ts"
import { emit } from "../recorder.ts"
import { broadcastShapes } from "../shape.ts"
import type { DType } from "../types.ts"
import { isFloat } from "../types.ts"
import type { Value } from "../value.ts"
import { binaryKernel, selectKernel, ternaryKernel, unaryKernel } from "./loops.ts"
import type { Primitive } from "./primitive.ts"
import { promote } from "./primitive.ts"

/** The parts that all elementwise primitives share. */
const elementwise = (op: string, rest: Pick<Primitive, "kernel"> & Partial<Primitive>): Primitive => ({
  shape: (_, ...shapes) => broadcastShapes(op, shapes),
  dtype: promote,
  shared: true,
  batch: (values, attributes, axes, shape, dtype) =>
    emit(
      op,
      values.map((v) => thin(v, axes, shape.length)),
      attributes,
      dtype
    ),
  branch: "nonlinear",
  ...rest
})

interface Unary {
  readonly value: (x: number) => number
  readonly derivative?: (cotangent: Value, x: Value, y: Value) => Value
  readonly dtype?: DType
  readonly branch?: Primitive["branch"]
}

const roundHalfEven = (x: number): number => {
  const r = Math.round(x)
  return r - x === 0.5 && r % 2 !== 0 ? r - 1 : r
}

const unary: Readonly<Record<string, Unary>> = {
  neg: { value: (x) => -x, derivative: (g) => neg(g), branch: "linear" },
  exp: { value: special.exp, derivative: (g, _, y) => mul(g, y) },
  expm1: { value: special.expm1, derivative: (g, x) => mul(g, apply("exp", x)) },
  log: { value: special.log, derivative: (g, x) => div(g, x) },
  log1p: { value: special.log1p, derivative: (g, x) => div(g, add(x, 1)) },
  tanh: { value: special.tanh, derivative: (g, _, y) => mul(g, sub(1, mul(y, y))) },
  sigmoid: { value: special.sigmoid, derivative: (g, _, y) => mul(g, mul(y, sub(1, y))) },
  softplus: { value: special.softplus, derivative: (g, x) => mul(g, apply("sigmoid", x)) },
  relu: { value: (x) => (x > 0 ? x : x !== x ? x : 0), derivative: (g, x) => select(apply("greater", x, 0), g, 0), branch: "activation" },
  sqrt: { value: Math.sqrt, derivative: (g, _, y) => div(g, mul(y, 2)) },
  rsqrt: { value: (x) => 1 / Math.sqrt(x), derivative: (g, x, y) => mul(g, mul(-0.5, div(y, x))) },
  square: { value: (x) => x * x, derivative: (g, x) => mul(g, mul(x, 2)) },
  abs: { value: Math.abs, derivative: (g, x) => mul(g, apply("sign", x)) },
  reciprocal: { value: (x) => 1 / x, derivative: (g, _, y) => neg(mul(g, mul(y, y))) },
  sin: { value: special.sin, derivative: (g, x) => mul(g, apply("cos", x)) },
  cos: { value: special.cos, derivative: (g, x) => neg(mul(g, apply("sin", x))) },
  atan: { value: special.atan, derivative: (g, x) => div(g, add(mul(x, x), 1)) },
  erf: { value: special.erf, derivative: (g, x) => mul(g, mul(2 / Math.sqrt(Math.PI), apply("exp", neg(mul(x, x))))) },
  erfinv: { value: special.erfinv, derivative: (g, _, y) => mul(g, mul(Math.sqrt(Math.PI) / 2, apply("exp", mul(y, y)))) },
  lgamma: { value: special.lgamma, derivative: (g, x) => mul(g, apply("digamma", x)) },
  digamma: { value: special.digamma, derivative: (g, x) => mul(g, apply("trigamma", x)) },
  trigamma: {
    value: special.trigamma,
    derivative: () => {
      throw new TraceError({
        operation: "trigamma",
        reason: "has no derivative here",
        remedy: "The third derivative of lgamma is not supported."
      })
    }
  },
  stopGradient: { value: (x) => x },
  sign: { value: Math.sign },
  floor: { value: Math.floor },
  ceil: { value: Math.ceil },
  round: { value: roundHalfEven },
  not: { value: (x) => (x === 0 ? 1 : 0), dtype: "bool" },
  isnan: { value: (x) => (x !== x ? 1 : 0), dtype: "bool" },
  isinf: { value: (x) => (Math.abs(x) === Infinity ? 1 : 0), dtype: "bool" },
  isfinite: { value: (x) => (x - x === 0 ? 1 : 0), dtype: "bool" }
}

export const elementwiseUnary: Readonly<Record<string, Primitive>> = Object.fromEntries(
  Object.entries(unary).map(([op, { value, derivative, dtype, branch }]) => [
    op,
    elementwise(op, {
      kernel: unaryKernel(op, value),
      ...(dtype === undefined ? {} : { dtype: () => dtype }),
      ...(branch === undefined ? {} : { branch }),
      ...(derivative === undefined ? {} : { reverse: (g, { inputs: [x], output }) => [derivative(g, x!, output)] })
    })
  ])
)

interface Binary {
  readonly value: (a: number, b: number) => number
  readonly derivative?: (cotangent: Value, a: Value, b: Value, y: Value) => readonly [Value | undefined, Value | undefined]
  readonly branch?: Primitive["branch"]
}

const pick = (g: Value, condition: Value): readonly [Value, Value] => [select(condition, g, 0), select(condition, 0, g)]

const binary: Readonly<Record<string, Binary>> = {
  add: { value: (a, b) => a + b, derivative: (g) => [g, g], branch: "linear" },
  sub: { value: (a, b) => a - b, derivative: (g) => [g, neg(g)], branch: "linear" },
  mul: { value: (a, b) => a * b, derivative: (g, a, b) => [mul(g, b), mul(g, a)] },
  div: { value: (a, b) => a / b, derivative: (g, _, b, y) => [div(g, b), neg(mul(g, div(y, b)))] },
  pow: {
    value: special.pow,
    // d/db a^b = a^b log a, 0 where a = 0 (its limit for b > 0); d/da = b a^(b−1), 0 where b = 0 whatever a is
    derivative: (g, a, b, y) => {
      const zero = apply("equal", b, 0)
      const da = select(zero, 0, mul(b, apply("pow", select(zero, 1, a), sub(b, 1))))
      return [mul(g, da), mul(g, mul(y, apply("log", select(apply("equal", a, 0), 1, a))))]
    }
  },
  maximum: {
    value: (a, b) => (a !== a || b !== b ? NaN : a > b ? a : b),
    derivative: (g, a, b) => pick(g, apply("greaterEqual", a, b)),
    branch: "gate"
  },
  minimum: {
    value: (a, b) => (a !== a || b !== b ? NaN : a < b ? a : b),
    derivative: (g, a, b) => pick(g, apply("lessEqual", a, b)),
    branch: "gate"
  },
  mod: { value: (a, b) => ((a % b) + b) % b, derivative: (g, a, b) => [g, neg(mul(g, apply("floor", div(a, b))))] },
  atan2: {
    value: special.atan2,
    derivative: (g, a, b) => {
      const r = add(mul(a, a), mul(b, b))
      return [mul(g, div(b, r)), neg(mul(g, div(a, r)))]
    }
  },
  /** The value of one, the gradient of the other. */
  withGradientOf: { value: (a) => a, derivative: (g) => [undefined, g], branch: "linear" },
  gammaDerivative: { value: special.gammaDerivative },
  poissonQuantile: { value: special.poissonQuantile }
}

const reverseBinary =
  (derivative: NonNullable<Binary["derivative"]>): NonNullable<Primitive["reverse"]> =>
  (g, { inputs: [a, b], output }) => {
    const [ga, gb] = derivative(g, a!, b!, output)
    return [ga && unbroadcast(ga, a!.shape), gb && unbroadcast(gb, b!.shape)]
  }

export const elementwiseBinary: Readonly<Record<string, Primitive>> = Object.fromEntries(
  Object.entries(binary).map(([op, { value, derivative, branch }]) => [
    op,
    elementwise(op, {
      kernel: binaryKernel(op, value),
      ...(branch === undefined ? {} : { branch }),
      ...(derivative === undefined ? {} : { reverse: reverseBinary(derivative) })
    })
  ])
)

const compare: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  greater: (a, b) => a > b,
  greaterEqual: (a, b) => a >= b,
  less: (a, b) => a < b,
  lessEqual: (a, b) => a <= b,
  equal: (a, b) => a === b,
  notEqual: (a, b) => a !== b,
  and: (a, b) => a !== 0 && b !== 0,
  or: (a, b) => a !== 0 || b !== 0,
  xor: (a, b) => (a !== 0) !== (b !== 0)
}

export const comparisons: Readonly<Record<string, Primitive>> = Object.fromEntries(
  Object.entries(compare).map(([op, holds]) => [
    op,
    elementwise(op, { kernel: binaryKernel(op, (a, b) => (holds(a, b) ? 1 : 0)), dtype: () => "bool" })
  ])
)

export const selection: Readonly<Record<string, Primitive>> = {
  select: elementwise("select", {
    dtype: (_, __, a, b) => promote(_, a!, b!),
    kernel: selectKernel,
    branch: "gate",
    reverse: (g, { inputs: [c, a, b] }) => {
      const [ga, gb] = pick(g, c!)
      return [undefined, unbroadcast(ga, a!.shape), unbroadcast(gb, b!.shape)]
    }
  }),
  binomialQuantile: elementwise("binomialQuantile", { kernel: ternaryKernel(special.binomialQuantile) }),
  cast: elementwise("cast", {
    dtype: ({ to }) => to as DType,
    branch: "linear",
    reverse: (g, { inputs: [x] }) => [isFloat(x!.dtype) ? g : undefined],
    kernel: (node) => {
      const convert = node.dtype === "bool" ? (x: number) => (x !== 0 ? 1 : 0) : isFloat(node.dtype) ? (x: number) => x : Math.trunc
      return ([x], out) => {
        for (let i = 0; i < out.length; i++) out[i] = convert(x![i]!)
      }
    }
  })
}
