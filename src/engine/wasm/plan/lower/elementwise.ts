/** Elementwise operations, less what algebra says is not one. */
import { sameShape } from "../../../../graph/shape.ts"
import type { DType, Shape } from "../../../../graph/types.ts"
import type { Operand } from "../computation.ts"
import { isFill } from "../computation.ts"
import type { View } from "../view.ts"
import { broadcastView, inverse, isInOrder, isWhole, standing, transposeView } from "../view.ts"
import { sumOfAssemblies } from "./assembly.ts"
import { zeroed } from "./guard.ts"
import type { Rule } from "./lowering.ts"

const hasEvery = ({ strides }: View, shape: Shape): boolean => shape.every((size, d) => size === 1 || strides[d] !== 0)

/** The order in which most operands that have every element stand in memory, preferably the given one. */
const orderOf = (operands: ReadonlyArray<Operand>, shape: Shape): ReadonlyArray<number> | undefined => {
  const whole = operands.filter((o): o is View => !isFill(o) && hasEvery(o, shape))
  if (whole.length === 0 || whole.some(isInOrder)) return undefined
  const orders = whole.map(standing)
  const count = (order: ReadonlyArray<number>): number => orders.filter((o) => o.join() === order.join()).length
  return orders.reduce((best, o) => (count(o) > count(best) ? o : best))
}

/** Along dimensions that no operand changes in it is computed once; the result stands in memory as the operands do. */
export const elementwise: Rule = ({ op, operands, shape, dtype, attributes: given }, l) => {
  const attributes = op === "cast" ? {} : given
  const views = operands.map((o) => (isFill(o) ? o : broadcastView(o, shape)))
  const thin = shape.map((size, d) => (size > 0 && views.every((v) => isFill(v) || v.strides[d] === 0) ? 1 : size))
  const thinned = sameShape(thin, shape) ? views : views.map((v): Operand => (isFill(v) ? v : { ...v, shape: thin }))
  const order = orderOf(thinned, thin)
  if (order === undefined) return broadcastView(l.emit({ op, operands: thinned, attributes, shape: thin, dtype }), shape)
  const turned = thinned.map((v) => (isFill(v) ? v : transposeView(v, order)))
  const result = l.emit({ op, operands: turned, attributes, shape: order.map((d) => thin[d]!), dtype })
  return broadcastView(transposeView(result, inverse(order)), shape)
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
