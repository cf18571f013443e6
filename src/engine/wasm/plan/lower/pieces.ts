/**
 * Values whose last dimension is tiny, such as the states of a Markov model, stand in memory in pieces: all first elements, then all second ones.
 * Operations on them are operations on the pieces, of long vectors, and sums over them are sums of pieces.
 */
import { range, sizeOf } from "../../../../graph/shape.ts"
import type { Shape } from "../../../../graph/types.ts"
import type { Operand, Part } from "../computation.ts"
import { isFill } from "../computation.ts"
import type { View } from "../view.ts"
import { broadcastView, inverse, isDense, mergedDimensions, sliceView, standing, transposeView, whole } from "../view.ts"
import type { Call, Lowering, Rule } from "./lowering.ts"

const most = 4

/** What is worth a piece where it is done once, and in the body of a scan, which is short and runs often. */
export const once = { leastPiece: 256 }
export const inBody = { leastPiece: 8 }

export const isTiny = (shape: Shape, { leastPiece }: Pick<Lowering, "leastPiece">): boolean => {
  const n = shape.at(-1) ?? 0
  return n > 1 && n <= most && sizeOf(shape) >= leastPiece * n
}

/** Whether the elements do not run on in memory. */
const isApart = (v: View): boolean => mergedDimensions(v).length > 1

/** What lies within one part of a value in pieces is read from where the part comes from. */
export const within = (v: View, l: Lowering): Operand => {
  const c = l.computation(v.value)
  if (c.attributes["pieces"] !== true || v.strides.some((s) => s < 0)) return v
  const size = sizeOf(c.shape) / c.shape[0]!
  const first = v.offset % size
  const part = c.operands[Math.floor(v.offset / size)]!
  const reach = v.strides.reduce((n, s, d) => n + s * (v.shape[d]! - 1), first)
  if (reach >= size || l.dtypeOf(part) !== c.dtype) return v
  if (isFill(part)) return part
  return isDense(part) ? { ...v, value: part.value, offset: part.offset + first } : v
}

/** Element `i` of the last dimension, which is kept. */
export const piece = (o: Operand, shape: Shape, i: number, l: Lowering): Operand => {
  if (isFill(o)) return o
  const v = broadcastView(o, shape)
  return within(
    sliceView(
      v,
      shape.map((_, d) => (d === shape.length - 1 ? i : 0)),
      shape.with(-1, 1),
      shape.map(() => 1)
    ),
    l
  )
}

/** The value whose pieces, each with a last dimension of 1, these are. */
export const inPieces = (pieces: ReadonlyArray<Operand>, { shape, dtype }: Pick<Call, "shape" | "dtype">, l: Lowering): View => {
  const last = shape.length - 1
  const first = pieces.find((p): p is View => !isFill(p))
  const order = [
    last,
    ...(first === undefined ? range(last) : standing({ shape: first.shape.slice(0, -1), strides: first.strides.slice(0, -1) }))
  ]
  const turned = order.map((d) => shape[d]!)
  const size = turned.with(0, 1)
  const parts = pieces.map((_, i): Part => ({ begin: turned.map((__, d) => (d === 0 ? i : 0)), size, stride: turned.map(() => 1) }))
  const operands = pieces.map((p) => (isFill(p) ? p : transposeView(broadcastView(p, shape.with(-1, 1)), order)))
  const value = l.emit({ op: "assemble", operands, attributes: { parts, covered: true, pieces: true }, shape: turned, dtype })
  return transposeView(whole(value.value, turned), inverse(order))
}

/** The pieces of an operand that stands in such. */
export const piecesOf = (o: Operand, shape: Shape, l: Lowering): ReadonlyArray<Operand> | undefined =>
  isTiny(shape, l) && !isFill(o) && isApart(broadcastView(o, shape)) ? range(shape.at(-1)!).map((i) => piece(o, shape, i, l)) : undefined

/** An elementwise operation, piece by piece where an operand stands in pieces. */
export const piecewise =
  (rule: Rule): Rule =>
  (call, l) => {
    const { shape } = call
    if (!isTiny(shape, l) || !call.operands.some((o) => !isFill(o) && isApart(broadcastView(o, shape)))) return rule(call, l)
    const thin = shape.with(-1, 1)
    const results = range(shape.at(-1)!).map((i) => {
      const operands = call.operands.map((o) => piece(o, shape, i, l))
      return rule({ ...call, operands, shapes: operands.map(() => thin), shape: thin }, l)
    })
    return inPieces(results, call, l)
  }
