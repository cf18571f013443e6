/** Scans. What a body reads stands in memory as it does outside, and its carry in pieces if it is that tiny. */
import type { ScanAttributes } from "../../../../graph/primitive/scan.ts"
import { range } from "../../../../graph/shape.ts"
import type { DType, Shape } from "../../../../graph/types.ts"
import type { Lowered, Operand } from "../computation.ts"
import { isFill } from "../computation.ts"
import type { View } from "../view.ts"
import { inverse, isDense, sliceView, standing, transposeView, whole } from "../view.ts"
import type { Feed, Lowering, Rule } from "./lowering.ts"
import { inBody, isTiny, piecesOf } from "./pieces.ts"

/** What an operand is read as: dense views, once their dimensions are in order. */
interface Fed extends Feed {
  readonly views: ReadonlyArray<View>
}

/** The last dimension first where it is tiny. */
const carryOrder = (shape: Shape): ReadonlyArray<number> => {
  const last = shape.length - 1
  return isTiny(shape, inBody) ? [last, ...range(last)] : range(shape.length)
}

/** The first of the rows. */
const rowOf = (v: View): View => ({ ...v, shape: v.shape.slice(1), strides: v.strides.slice(1) })

/** One operand; `lead` is 1 for rows, whose first dimension is time. */
const fed = (o: Operand, shape: Shape, dtype: DType, lead: 0 | 1, l: Lowering): Fed => {
  const pieces = isFill(o) || l.dtypeOf(o) !== dtype ? undefined : piecesOf(o, shape, { ...l, ...inBody })
  const single = (x: Operand, s: Shape): readonly [View, ReadonlyArray<number>] => {
    if (!isFill(x) && l.dtypeOf(x) === dtype) {
      const inner = lead === 1 ? rowOf(x) : x
      const order = standing(inner)
      if (isDense(transposeView(inner, order))) return [x, order]
    }
    return [l.dense(x, s, dtype), range(s.length - lead)]
  }
  const all = pieces === undefined ? [single(o, shape)] : pieces.map((p) => single(p, shape.with(-1, 1)))
  return { views: all.map(([v]) => v), orders: all.map(([, order]) => order) }
}

export const scan: Rule = (call, l) => {
  const { length, rows, body, ends, next } = call.attributes as ScanAttributes
  const [first, ...rest] = call.operands
  const order = carryOrder(call.shapes[0]!)
  const turned = order.map((d) => call.shapes[0]![d]!)
  const start = isFill(first!) ? first : transposeView(first!, order)
  const feeds = [
    { views: [l.dense(start, turned, call.dtype)], orders: [order] },
    ...rest.map((o, k) => fed(o, call.shapes[k + 1]!, l.realised(body.nodes[ends[k + 1]!]!.dtype), k < rows ? 1 : 0, l))
  ]
  const inner = l.nested(body, next, ends, feeds, order)
  // the constants of the body come from outside, like all that does not change from step to step
  const constants = inner.computations.flatMap((c, i) => (c.op === "constant" ? [i] : []))
  const outside = constants.map((i) => l.emit(inner.computations[i]!))
  const lowered: Lowered = {
    computations: inner.computations.map((c) => (c.op === "constant" ? { ...c, op: "input", attributes: {} } : c)),
    inputs: [...inner.inputs, ...constants],
    outputs: inner.outputs
  }
  const count = feeds.slice(1, rows + 1).reduce((n, f) => n + f.views.length, 0)
  const { value } = l.emit({
    op: "scan",
    operands: [...feeds.flatMap((f) => f.views), ...outside],
    attributes: { length, rows: count, lowered },
    shape: [length, ...turned],
    dtype: call.dtype
  })
  l.firsts.set(value, start)
  return transposeView(whole(value, [length, ...turned]), [0, ...inverse(order).map((d) => d + 1)])
}

const sameNumbers = (a: Operand, b: Operand): boolean => {
  if (isFill(a) || isFill(b)) return isFill(a) && isFill(b) && Object.is(a.fill, b.fill)
  return a.value === b.value && a.offset === b.offset && a.shape.every((size, d) => size === 1 || a.strides[d] === b.strides[d])
}

/** The first carry before the first rows of its scan's result: they stand so in memory. */
export const withFirst = (operands: ReadonlyArray<Operand>, shape: Shape, l: Lowering): View | undefined => {
  const [a, b] = operands
  if (operands.length !== 2 || a === undefined || b === undefined || isFill(b) || b.offset !== 0) return undefined
  const c = l.computation(b.value)
  if (c.op !== "scan") return undefined
  const carry = rowOf(b)
  const order = standing(carry)
  const slot = c.shape.slice(1).reduce((n, d) => n * d, 1)
  if (!isDense(transposeView(carry, order)) || b.strides[0] !== slot || shape.slice(1).reduce((n, d) => n * d, 1) !== slot) return undefined
  const lead = isFill(a)
    ? a
    : transposeView(
        sliceView(
          a,
          shape.map(() => 0),
          shape.with(0, 1),
          shape.map(() => 1)
        ),
        [0, ...order.map((d) => d + 1)]
      )
  const first = l.firsts.get(b.value)!
  const row = isFill(lead) ? lead : rowOf(lead)
  return sameNumbers(row, first) ? { ...b, offset: -slot, shape } : undefined
}
