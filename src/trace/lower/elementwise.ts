/** Elementwise tfjs kernels. */
import { add, apply, cast, div, fill, mul, neg, select, sub } from "../../graph/bind.ts"
import type { Value } from "../../graph/value.ts"
import type { Lowering } from "./lowering.ts"
import { dtypeNamed, numberOf } from "./lowering.ts"

/** Kernels of one operand `x` that are a primitive of the same name. */
const same =
  "Exp Expm1 Log Log1p Tanh Sigmoid Softplus Relu Sqrt Rsqrt Square Neg Abs Reciprocal Sin Cos Atan Erf Sign Floor Ceil Round IsNan IsInf IsFinite"

const binary: Readonly<Record<string, string>> = {
  Add: "add",
  Sub: "sub",
  Multiply: "mul",
  RealDiv: "div",
  Pow: "pow",
  Maximum: "maximum",
  Minimum: "minimum",
  Atan2: "atan2",
  Mod: "mod",
  Greater: "greater",
  GreaterEqual: "greaterEqual",
  Less: "less",
  LessEqual: "lessEqual",
  Equal: "equal",
  NotEqual: "notEqual",
  LogicalAnd: "and",
  LogicalOr: "or",
  LogicalXor: "xor"
}

/** What tfjs takes for float32 may be float64, and stays so. */
export const asFloat = (x: Value): Value => (x.dtype === "f64" ? x : cast(x, "f32"))

const positive = (x: Value): Value => apply("greater", x, 0)
const elu = (x: Value): Value => select(positive(x), x, apply("expm1", apply("minimum", x, 0)))
const leaky = (x: Value, slope: Value | number): Value => select(positive(x), x, mul(x, slope))
const likeX = (value: number, x: Value): Value => fill(value, x.shape, x.dtype)

const sinh = (x: Value): Value => mul(sub(apply("expm1", x), apply("expm1", neg(x))), 0.5)

/** log1p(y) with y ≥ 0 written so that small arguments keep their digits. */
const asinhOfPositive = (x: Value): Value => {
  const square = mul(x, x)
  return apply("log1p", add(x, div(square, add(apply("sqrt", add(square, 1)), 1))))
}

export const elementwise: Readonly<Record<string, Lowering>> = {
  ...Object.fromEntries(same.split(" ").map((kernel): [string, Lowering] => [kernel, ({ x }) => apply(kernel.toLowerCase(), x!)])),
  ...Object.fromEntries(Object.entries(binary).map(([kernel, op]): [string, Lowering] => [kernel, ({ a, b }) => apply(op, a!, b!)])),
  LogicalNot: ({ x }) => apply("not", x!),
  SquaredDifference: ({ a, b }) => apply("square", sub(a!, b!)),
  FloorDiv: ({ a, b }) => (a!.dtype === "i32" ? div(sub(a!, apply("mod", a!, b!)), b!) : apply("floor", div(a!, b!))),
  Identity: ({ x }) => x!,
  Cast: ({ x }, { dtype }) => (dtype === "float32" ? asFloat(x!) : cast(x!, dtypeNamed(dtype as string))),
  Select: ({ condition, t, e }) => select(condition!, t!, e!),
  Step: ({ x }, attributes) => select(positive(x!), likeX(1, x!), numberOf(attributes, "alpha", 0)),
  LeakyRelu: ({ x }, attributes) => leaky(x!, numberOf(attributes, "alpha")),
  Prelu: ({ x, alpha }) => leaky(x!, alpha!),
  Elu: ({ x }) => elu(x!),
  Selu: ({ x }) => mul(select(positive(x!), x!, mul(apply("expm1", apply("minimum", x!, 0)), 1.6732632423543772)), 1.0507009873554805),
  Relu6: ({ x }) => apply("minimum", apply("relu", x!), 6),
  ClipByValue: ({ x }, a) => apply("minimum", apply("maximum", x!, numberOf(a, "clipValueMin")), numberOf(a, "clipValueMax")),
  Tan: ({ x }) => div(apply("sin", x!), apply("cos", x!)),
  Sinh: ({ x }) => sinh(x!),
  // 1 + 2 sinh²(x/2): exp x + exp −x would lose the derivative near 0
  Cosh: ({ x }) => add(mul(apply("square", sinh(mul(x!, 0.5))), 2), 1),
  Asin: ({ x }) => apply("atan2", x!, apply("sqrt", mul(sub(1, x!), add(x!, 1)))),
  Acos: ({ x }) => apply("atan2", apply("sqrt", mul(sub(1, x!), add(x!, 1))), x!),
  Asinh: ({ x }) => {
    // not by sign and abs, which have no derivative at 0
    const negative = apply("less", x!, 0)
    const half = asinhOfPositive(select(negative, neg(x!), x!))
    return select(negative, neg(half), half)
  },
  Acosh: ({ x }) => {
    const t = sub(x!, 1)
    return apply("log1p", add(t, apply("sqrt", mul(t, add(x!, 1)))))
  },
  Atanh: ({ x }) => mul(apply("log1p", div(mul(x!, 2), sub(1, x!))), 0.5),
  ZerosLike: ({ x }) => likeX(0, x!),
  OnesLike: ({ x }) => likeX(1, x!),
  AddN: (inputs) => Object.values(inputs).reduce((a, b) => add(a, b))
}
