/** How each primitive is lowered. */
import type { DType } from "../../../../graph/types.ts"
import { isElementwise } from "../../operations.ts"
import { concat, slice, unslice } from "./assembly.ts"
import { algebra, elementwise } from "./elementwise.ts"
import type { Call, Lowering, Rule } from "./lowering.ts"
import { asView } from "./lowering.ts"
import { broadcast, reshape, stopGradient, transpose } from "./movement.ts"
import { piecewise } from "./pieces.ts"
import { dot } from "./product.ts"
import { reduce } from "./reduce.ts"
import { scan } from "./scan.ts"
import { triangularSolve } from "./triangular.ts"

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

const rules: Readonly<Record<string, Rule>> = {
  reshape,
  transpose,
  broadcast,
  stopGradient,
  withGradientOf: broadcast,
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

export const ruleOf = (op: string): Rule | undefined => rules[op] ?? (isElementwise(op) ? piecewise(algebra[op] ?? elementwise) : undefined)

const leaves = ["input", "constant", "fill"]

/** The primitives that the engine can compile; `gather` is recorded as others. */
export const isSupported = (op: string): boolean => leaves.includes(op) || op === "gather" || ruleOf(op) !== undefined
