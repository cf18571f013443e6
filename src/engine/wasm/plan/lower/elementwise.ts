/** Elementwise operations, less what algebra says is not one. */
import type { DType } from "../../../../graph/types.ts"
import type { Operand } from "../computation.ts"
import { isFill } from "../computation.ts"
import { broadcastView, isWhole } from "../view.ts"
import { sumOfAssemblies } from "./assembly.ts"
import { zeroed } from "./guard.ts"
import type { Rule } from "./lowering.ts"

/** Along dimensions that no operand changes in, it is computed once. */
export const elementwise: Rule = ({ op, operands, shape, dtype, attributes }, l) => {
  const views = operands.map((o) => (isFill(o) ? o : broadcastView(o, shape)))
  const thin = shape.map((size, d) => (size > 0 && views.every((v) => isFill(v) || v.strides[d] === 0) ? 1 : size))
  const thinned = views.map((v) => (isFill(v) ? v : { ...v, shape: thin }))
  return broadcastView(l.emit({ op, operands: thinned, attributes: op === "cast" ? {} : attributes, shape: thin, dtype }), shape)
}

const isNumber = (o: Operand | undefined, value: number): boolean => o !== undefined && isFill(o) && o.fill === value

/** An operation that gives back one operand where the other is neutral: on both sides if it commutes, else on the right. */
const neutral =
  (value: number, commutes: boolean): Rule =>
  (call, l) => {
    const [a, b] = call.operands as [Operand, Operand]
    const kept = isNumber(b, value) ? a : commutes && isNumber(a, value) ? b : undefined
    if (kept === undefined || isFill(kept) || l.dtypeOf(kept) !== call.dtype) return elementwise(call, l)
    return broadcastView(kept, call.shape)
  }

export const castNumber = (x: number, dtype: DType): number =>
  dtype === "bool" ? Number(x !== 0) : dtype === "f32" || dtype === "f64" ? x : Math.trunc(x)

export const cast: Rule = (call, l) => {
  const x = call.operands[0]!
  if (isFill(x)) return { fill: castNumber(x.fill, call.dtype), dtype: call.dtype }
  return l.dtypeOf(x) === call.dtype ? x : elementwise({ ...call, op: "cast" }, l)
}

const plus = neutral(0, true)
const times = neutral(1, true)
const over = neutral(1, false)

export const algebra: Readonly<Record<string, Rule>> = {
  cast,
  add: (call, l) => sumOfAssemblies(call, l) ?? plus(call, l),
  sub: neutral(0, false),
  mul: (call, l) => zeroed(call, l) ?? times(call, l),
  div: (call, l) => zeroed(call, l) ?? over(call, l),
  relu: (call, l) => {
    const [x] = call.operands
    const y = elementwise(call, l)
    if (!isFill(x!) && !isFill(y) && isWhole(x!, l.computation(x!.value).shape)) l.rectified.set(x!.value, y)
    return y
  },
  /** x > 0 where relu(x) > 0, which is kept anyway. */
  greater: (call, l) => {
    const [x, zero] = call.operands
    const y = !isFill(x!) && isNumber(zero, 0) && isWhole(x!, l.computation(x!.value).shape) ? l.rectified.get(x!.value) : undefined
    return elementwise(y === undefined ? call : { ...call, operands: [y, zero!] }, l)
  }
}
