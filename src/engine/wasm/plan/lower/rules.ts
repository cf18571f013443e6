/** How each primitive is lowered. */
import type { DType, Shape } from "../../../../graph/types.ts"
import type { ScanAttributes } from "../../../../graph/primitive/scan.ts"
import { isElementwise } from "../../operations.ts"
import type { Lowered } from "../computation.ts"
import { isFill } from "../computation.ts"
import type { View } from "../view.ts"
import { broadcastView, reshapeView, transposeView } from "../view.ts"
import { concat, slice, unslice } from "./assembly.ts"
import { algebra, cast, elementwise } from "./elementwise.ts"
import type { Call, Lowering, Rule } from "./lowering.ts"
import { asView } from "./lowering.ts"
import { dot } from "./product.ts"
import { triangularSolve } from "./triangular.ts"

/** Moves a view; a number stays one. */
const moved =
  (move: (v: View, call: Call) => View): Rule =>
  (call) => {
    const x = call.operands[0]!
    return isFill(x) ? x : move(x, call)
  }

const reshape: Rule = ({ operands: [x], shapes, shape }, { dense, dtypeOf }) =>
  isFill(x!) ? x : (reshapeView(x!, shape) ?? reshapeView(dense(x!, shapes[0]!, dtypeOf(x!)), shape)!)

const reduce: Rule = (call, l) => {
  const axes = call.attributes["axes"] as ReadonlyArray<number>
  if (axes.every((d) => call.shapes[0]![d] === 1)) return reshape({ ...call, operands: [cast(call, l)] }, l)
  const x = asView(call, 0, l.dtypeOf(call.operands[0]!), l)
  return l.emit({ op: "reduce", operands: [x], attributes: { by: call.op, axes }, shape: call.shape, dtype: call.dtype })
}

type Wanted = (call: Call, k: number, l: Lowering) => DType

/** A kernel that reads strided operands of given dtypes. */
const strided =
  (dtypes: Wanted): Rule =>
  (call, l) =>
    l.emit({
      op: call.op,
      operands: call.operands.map((_, k) => asView(call, k, dtypes(call, k, l), l)),
      attributes: call.attributes,
      shape: call.shape,
      dtype: call.dtype
    })

/** A kernel that reads dense operands of given dtypes. */
const packed =
  (dtypes: Wanted): Rule =>
  (call, l) =>
    l.emit({
      op: call.op,
      operands: call.operands.map((o, k) => l.dense(o, call.shapes[k]!, dtypes(call, k, l))),
      attributes: call.attributes,
      shape: call.shape,
      dtype: call.dtype
    })

const own: Wanted = (call, k, l) => l.dtypeOf(call.operands[k]!)
const result: Wanted = (call) => call.dtype
const indexed: Wanted = (call, k) => (k === 1 ? "i32" : call.dtype)

const scan: Rule = (call, l) => {
  const { length, rows, body, ends, next } = call.attributes as ScanAttributes
  const inner = l.nested(body, [next], ends)
  const operands = call.operands.map((o, k) => l.dense(o, call.shapes[k]!, l.realised(body.nodes[ends[k]!]!.dtype)))
  // the constants of the body come from outside, like all that does not change from step to step
  const constants = inner.computations.flatMap((c, i) => (c.op === "constant" ? [i] : []))
  const outside = constants.map((i) => l.emit(inner.computations[i]!))
  const lowered: Lowered = {
    computations: inner.computations.map((c) => (c.op === "constant" ? { ...c, op: "input", attributes: {} } : c)),
    inputs: [...inner.inputs, ...constants],
    outputs: inner.outputs
  }
  return l.emit({
    op: "scan",
    operands: [...operands, ...outside],
    attributes: { length, rows, lowered },
    shape: call.shape,
    dtype: call.dtype
  })
}

const rules: Readonly<Record<string, Rule>> = {
  ...algebra,
  reshape,
  transpose: moved((v, { attributes }) => transposeView(v, attributes["permutation"] as Shape)),
  broadcast: moved((v, { shape }) => broadcastView(v, shape)),
  stopGradient: moved((v) => v),
  slice,
  concat,
  unslice,
  sum: reduce,
  prod: reduce,
  max: reduce,
  min: reduce,
  argmax: strided(own),
  cumsum: strided(own),
  sort: packed(own),
  argsort: packed(own),
  take: strided(indexed),
  put: strided(indexed),
  onehot: packed(() => "i32"),
  dot,
  cholesky: packed(result),
  triangularSolve,
  uniform: packed(() => "u32"),
  scan
}

export const ruleOf = (op: string): Rule | undefined => rules[op] ?? (isElementwise(op) ? elementwise : undefined)

const leaves = ["input", "constant", "fill"]

/** The primitives that the engine can compile; `gather` is recorded as others. */
export const isSupported = (op: string): boolean => leaves.includes(op) || op === "gather" || ruleOf(op) !== undefined
