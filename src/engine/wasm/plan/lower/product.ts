/** Matrix products. Those with a side of one or two are elementwise products and their sums, which fuse with what is around them. */
import { range, sizeOf } from "../../../../graph/shape.ts"
import type { View } from "../view.ts"
import { broadcastView, reshapeView, sliceView, transposeView, whole } from "../view.ts"
import { assemble } from "./assembly.ts"
import type { Call, Lowering, Rule } from "./lowering.ts"
import { asView } from "./lowering.ts"

/** An operand with at most one leading dimension and no stride backwards, turned the way it is multiplied. */
const factor = (call: Call, k: number, l: Lowering): View => {
  const given = asView(call, k, call.dtype, l)
  const v = given.strides.some((s) => s < 0) ? l.dense(given, given.shape, call.dtype) : given
  const shape = [sizeOf(v.shape.slice(0, -2)), ...v.shape.slice(-2)]
  const flat = v.shape.length <= 3 ? v : (reshapeView(v, shape) ?? reshapeView(l.dense(v, v.shape, call.dtype), shape)!)
  return call.attributes[k === 0 ? "transposeA" : "transposeB"] === true ? turned(flat) : flat
}

const turned = (v: View): View => {
  const n = v.shape.length
  return transposeView(v, [...range(n - 2), n - 1, n - 2])
}

/** Row or column `i` of the last two dimensions, which are kept. */
const line = (v: View, dimension: -1 | -2, i: number): View => {
  const at = v.shape.length + dimension
  return sliceView(
    v,
    v.shape.map((_, d) => (d === at ? i : 0)),
    v.shape.with(at, 1),
    v.shape.map(() => 1)
  )
}

const product = (a: View, b: View, { dtype }: Call, l: Lowering): View => {
  const shape = a.shape.map((d, i) => Math.max(d, b.shape[i]!))
  return l.emit({ op: "mul", operands: [broadcastView(a, shape), broadcastView(b, shape)], attributes: {}, shape, dtype })
}

/** a · b for b of one column: [..., M, 1]. The column, which is read again for each row, is made dense. */
const timesColumn = (a: View, b: View, call: Call, l: Lowering): View => {
  const row = turned(b)
  const terms = product(a, l.dense(row, row.shape, call.dtype), call, l)
  const shape = terms.shape.slice(0, -1)
  const sum = l.emit({ op: "reduce", operands: [terms], attributes: { by: "sum", axes: [shape.length] }, shape, dtype: call.dtype })
  return reshapeView(sum, [...shape, 1])!
}

export const dot: Rule = (call, l) => {
  const [a, b] = [factor(call, 0, l), factor(call, 1, l)]
  const [M, K, N] = [a.shape.at(-2)!, a.shape.at(-1)!, b.shape.at(-1)!]
  const shape = [...a.shape.slice(0, -2), M, N]
  const result = (v: View): View => reshapeView(v, call.shape)!
  if (K === 1 || K === 2) {
    const [first, ...more] = range(K).map((k) => product(line(a, -1, k), line(b, -2, k), call, l))
    return result(more.reduce((x, y) => l.emit({ op: "add", operands: [x, y], attributes: {}, shape, dtype: call.dtype }), first!))
  }
  if (N === 1) return result(timesColumn(a, b, call, l))
  if (M === 1) return result(timesColumn(turned(b), turned(a), call, l))
  if (N === 2) {
    const columns = range(N).map((j) => timesColumn(a, line(b, -1, j), call, l))
    const parts = columns.map((c, j) => ({
      begin: shape.map((_, d) => (d === shape.length - 1 ? j : 0)),
      size: c.shape,
      stride: shape.map(() => 1)
    }))
    return result(assemble(parts, columns, { shape, dtype: call.dtype }, l))
  }
  return result(whole(l.emit({ op: "dot", operands: [a, b], attributes: {}, shape, dtype: call.dtype }).value, shape))
}
