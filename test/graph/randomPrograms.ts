/** Random programs over the primitives: plain descriptions, which fast-check can shrink, and their recording. */
import * as fc from "fast-check"
import { add, apply, bind, broadcastTo, cast, concat, div, mul, reshape, select, slice, sum, transpose } from "../../src/graph/bind.ts"
import { dot } from "../../src/graph/primitive/product.ts"
import { emit, real, recorder } from "../../src/graph/recorder.ts"
import { range, sizeOf } from "../../src/graph/shape.ts"
import type { Shape } from "../../src/graph/types.ts"
import type { Axis, Value } from "../../src/graph/value.ts"

/** Each step reads earlier values, named by numbers that are taken modulo what there is. */
export interface RandomStep {
  readonly kind: string
  readonly picks: readonly [number, number]
  readonly choice: number
}

export interface RandomProgram {
  readonly inputs: ReadonlyArray<Shape>
  readonly steps: ReadonlyArray<RandomStep>
}

type Step = (x: Value, others: ReadonlyArray<Value>, choice: number) => Value

const pick = <A>(from: ReadonlyArray<A>, n: number): A => from[n % from.length]!

const broadcasts = (a: Shape, b: Shape): boolean =>
  range(Math.min(a.length, b.length), 1).every((i) => a.at(-i) === b.at(-i) || a.at(-i) === 1 || b.at(-i) === 1)

/** The second operand: one that broadcasts against x, x itself if need be; results stay small. */
const partner = (x: Value, others: ReadonlyArray<Value>, choice: number): Value =>
  pick([x, ...others.filter((o) => broadcasts(x.shape, o.shape))], choice)

const axesOf = (x: Value, choice: number): Array<number> => range(x.shape.length).filter((i) => (choice >> i) & 1)

/** Smooth functions that keep numbers of a moderate size. */
const unary: ReadonlyArray<(x: Value) => Value> = [
  ...["tanh", "sigmoid", "softplus", "sin", "cos", "atan", "erf", "neg"].map((op) => (x: Value) => apply(op, x)),
  (x) => apply("exp", apply("tanh", x)),
  (x) => apply("expm1", apply("sin", x)),
  (x) => apply("log", add(apply("softplus", x), 0.5)),
  (x) => apply("log1p", apply("square", apply("tanh", x))),
  (x) => apply("sqrt", add(apply("square", x), 1)),
  (x) => apply("rsqrt", add(apply("abs", x), 1)),
  (x) => apply("reciprocal", add(apply("sigmoid", x), 0.5)),
  (x) => apply("lgamma", add(apply("softplus", x), 0.5)),
  (x) => apply("digamma", add(apply("sigmoid", x), 1)),
  (x) => apply("erfinv", mul(apply("tanh", x), 0.9)),
  (x) => apply("relu", x)
]

const binary: ReadonlyArray<(a: Value, b: Value) => Value> = [
  add,
  (a, b) => apply("sub", a, b),
  (a, b) => mul(apply("tanh", a), b),
  (a, b) => div(a, add(apply("sigmoid", b), 1)),
  (a, b) => apply("pow", add(apply("sigmoid", a), 0.5), apply("tanh", b)),
  (a, b) => apply("maximum", a, b),
  (a, b) => apply("minimum", a, b),
  (a, b) => apply("atan2", a, add(apply("softplus", b), 0.5)),
  (a, b) => select(apply("greater", a, b), apply("sin", a), b),
  (a, b) => select(apply("less", b, 0.3), a, apply("log", apply("abs", b)))
]

const square = (x: Value): Value => {
  const n = Math.min(3, sizeOf(x.shape))
  const row = reshape(slice(reshape(x, [sizeOf(x.shape)]), [0], [n]), [1, n])
  const outer = apply("tanh", mul(row, reshape(row, [n, 1])))
  const identity = real(
    emit("constant", [], { shape: [n, n], value: Float64Array.from(range(n * n), (k) => (k % (n + 1) === 0 ? 4 : 0)) }, "f32")
  )
  return add(outer, identity)
}

const steps: Readonly<Record<string, Step>> = {
  unary: (x, _, c) => pick(unary, c)(x),
  binary: (x, others, c) => pick(binary, c)(x, partner(x, others, c >> 5)),
  sum: (x, _, c) => sum(x, axesOf(x, c)),
  max: (x, _, c) =>
    axesOf(x, c).length === 0 ? x : bind(pick(["max", "min", "prod"], c >> 4), [apply("tanh", x)], { axes: axesOf(x, c) }),
  cumsum: (x, _, c) =>
    x.shape.length === 0
      ? x
      : bind("cumsum", [x], { axis: c % x.shape.length, exclusive: ((c >> 3) & 1) === 1, backward: ((c >> 4) & 1) === 1 }),
  sort: (x) => (x.shape.length === 0 ? x : bind("sort", [x])),
  flatten: (x) => reshape(x, [sizeOf(x.shape)]),
  unsqueeze: (x, _, c) => reshape(x, x.shape.toSpliced(c % (x.shape.length + 1), 0, 1)),
  transpose: (x, _, c) => {
    const k = c % Math.max(1, x.shape.length)
    return transpose(x, [...range(x.shape.length).slice(k), ...range(k)])
  },
  stretch: (x, _, c) => broadcastTo(x, [(c % 2) + 2, ...x.shape]),
  slice: (x, _, c) => {
    const backwards = x.shape.map((_, i) => ((c >> i) & 1) === 1)
    const size = x.shape.map((d, i) => Math.max(1, d - ((c >> (i + 3)) & 1)))
    return slice(
      x,
      x.shape.map((d, i) => (backwards[i] ? d - 1 : 0)),
      size,
      backwards.map((b) => (b ? -1 : 1))
    )
  },
  pad: (x, _, c) => {
    const shape = x.shape.map((d, i) => d + ((c >> i) & 1))
    return bind("unslice", [x], { begin: shape.map((d, i) => d - x.shape[i]!), stride: shape.map(() => 1), shape })
  },
  concat: (x, others, c) => {
    const same = others.filter((o) => o.shape.length === x.shape.length && o.shape.slice(1).join() === x.shape.slice(1).join())
    return x.shape.length === 0 ? x : concat([x, pick([x, ...same], c)], 0)
  },
  gather: (x, _, c) => {
    if (x.shape.length === 0) return x
    const axis = c % x.shape.length
    const index = real(
      emit("constant", [], { shape: [2], value: Float64Array.of((c >> 2) % x.shape[axis]!, (c >> 4) % x.shape[axis]!) }, "i32")
    )
    return bind("gather", [x, index], { axis, batchDims: 0 })
  },
  dot: (x, others, c) => {
    const matrices = [x, ...others].filter((o) => o.shape.length >= 2)
    const left = pick([x, ...matrices], c)
    if (left.shape.length < 2) return x
    const fitting = matrices.filter((o) => o.shape.length === 2 && (o.shape[0] === left.shape.at(-1) || o.shape[1] === left.shape.at(-1)))
    const right = pick([...fitting, left], c >> 3)
    if (right === left) return dot(left, left, false, true)
    return dot(left, right, false, right.shape[0] !== left.shape.at(-1))
  },
  cholesky: (x) => bind("cholesky", [square(x)]),
  solve: (x, others, c) => {
    const L = bind("cholesky", [square(x)])
    const n = L.shape[0]!
    const right = others.find((o) => o.shape.length === 2 && o.shape[0] === n) ?? L
    return bind("triangularSolve", [L, right], { transposed: (c & 1) === 1 })
  }
}

const casts: Readonly<Record<string, Step>> = {
  double: (x) => cast(x, "f64"),
  single: (x) => cast(x, "f32")
}

const largest = 64

/** Records the steps on the given inputs. A step whose result would be large is left out. */
export const record = (program: RandomProgram, inputs: ReadonlyArray<Value>): Value => {
  const values = [...inputs]
  for (const { kind, picks, choice } of program.steps) {
    const x = values.at(-1 - (picks[0] % Math.min(4, values.length)))!
    const others = [...values.slice(picks[1] % values.length), ...values.slice(0, picks[1] % values.length)]
    const made = (steps[kind] ?? casts[kind]!)(x, others, choice)
    if (sizeOf(made.shape) <= largest && made.shape.length <= 4) values.push(made)
  }
  return values.slice(inputs.length === values.length ? 0 : inputs.length).reduce((total: Value, v, i) => {
    const s = mul(sum(v, range(v.shape.length)), 1 / (1 + (i % 3)))
    return i === 0 ? s : add(total, s)
  }, inputs[0]!)
}

const axes: ReadonlyArray<Axis> = [
  { name: "outer", size: 2, depth: 0 },
  { name: "inner", size: 3, depth: 1 }
]

/** An input of the current graph that hides the given axes. */
export const inputValue = (name: string, shape: Shape, hidden: ReadonlyArray<Axis>): Value => {
  const id = emit("input", [], { name, shape: [...hidden.map((a) => a.size), ...shape] }, "f32")
  return { recorder: recorder(), id, shape, axes: hidden, dtype: "f32" }
}

const shape = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 3 })

const step = (kinds: ReadonlyArray<string>): fc.Arbitrary<RandomStep> =>
  fc.record({ kind: fc.constantFrom(...kinds), picks: fc.tuple(fc.nat(15), fc.nat(15)), choice: fc.nat(1023) })

const common = ["unary", "unary", "binary", "binary", "binary", ...Object.keys(steps)]

export const randomProgram: fc.Arbitrary<RandomProgram> = fc.record({
  inputs: fc.array(shape, { minLength: 1, maxLength: 3 }),
  steps: fc.array(step(common), { minLength: 1, maxLength: 12 })
})

/** Programs in which values go from float32 to float64 and back. */
export const mixedProgram: fc.Arbitrary<RandomProgram> = fc.record({
  inputs: fc.array(shape, { minLength: 1, maxLength: 3 }),
  steps: fc.array(step([...common, ...range(5).flatMap(() => Object.keys(casts))]), { minLength: 1, maxLength: 16 })
})

/** A subset of the axes for each of up to three inputs. */
export const layout: fc.Arbitrary<ReadonlyArray<ReadonlyArray<Axis>>> = fc.array(fc.constantFrom([], [axes[0]!], [axes[1]!], [...axes]), {
  minLength: 3,
  maxLength: 3
})
