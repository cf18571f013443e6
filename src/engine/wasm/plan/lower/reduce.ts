/** Sums, products and extrema along axes. */
import { emptyReduction } from "../../../../graph/primitive/reductions.ts"
import { range } from "../../../../graph/shape.ts"
import type { View } from "../view.ts"
import { inverse, isDense, standing, transposeView } from "../view.ts"
import { cast, elementwise } from "./elementwise.ts"
import type { Call, Lowering, Rule } from "./lowering.ts"
import { asView } from "./lowering.ts"
import { reshape } from "./movement.ts"
import { piecesOf } from "./pieces.ts"

const combining: Readonly<Record<string, string>> = { sum: "add", prod: "mul", max: "maximum", min: "minimum" }

/** The reduction of a value that is dense once its dimensions are in the order in which they stand in memory. */
const inOrder = (x: View, axes: ReadonlyArray<number>, { op, dtype }: Call, l: Lowering): View => {
  const order = standing(x)
  const turned = transposeView(x, order)
  const by = isDense(turned) ? order : range(x.shape.length)
  const kept = by.filter((d) => !axes.includes(d))
  const result = l.emit({
    op: "reduce",
    operands: [transposeView(x, by)],
    attributes: { by: op, axes: range(by.length).filter((d) => axes.includes(by[d]!)) },
    shape: kept.map((d) => x.shape[d]!),
    dtype
  })
  const natural = kept.toSorted((a, b) => a - b)
  return transposeView(result, inverse(kept.map((d) => natural.indexOf(d))))
}

export const reduce: Rule = (call, l) => {
  const axes = call.attributes["axes"] as ReadonlyArray<number>
  const shape = call.shapes[0]!
  const last = shape.length - 1
  if (axes.some((d) => shape[d] === 0)) return { fill: emptyReduction(call.op, call.dtype), dtype: call.dtype }
  if (axes.every((d) => shape[d] === 1)) return reshape({ ...call, operands: [cast({ ...call, shape }, l)] }, l)
  const x = asView(call, 0, l.dtypeOf(call.operands[0]!), l)
  const pieces = axes.includes(last) && l.dtypeOf(x) === call.dtype ? piecesOf(x, shape, l) : undefined
  if (pieces === undefined) return inOrder(x, axes, call, l)
  const thin = shape.with(-1, 1)
  const all = pieces.reduce((a, b) =>
    elementwise({ ...call, op: combining[call.op]!, operands: [a, b], shapes: [thin, thin], shape: thin, attributes: {} }, l)
  )
  return reduce({ ...call, operands: [all], shapes: [thin] }, l)
}
