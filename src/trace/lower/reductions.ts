/** Reductions, softmax and running sums. */
import * as tf from "@tensorflow/tfjs-core"
import { apply, bind, div, mul, neg, reshape, sub } from "../../graph/bind.ts"
import { keepDims, range, sizeOf } from "../../graph/shape.ts"
import type { Value } from "../../graph/value.ts"
import { cast } from "./elementwise.ts"
import type { Attributes, Lowering } from "./lowering.ts"
import { dimension, numberOf } from "./lowering.ts"

const axesOf = (attributes: Attributes, x: Value): ReadonlyArray<number> =>
  tf.util.parseAxisParam((attributes["axis"] ?? attributes["reductionIndices"] ?? range(x.shape.length)) as Array<number>, [...x.shape])

const reduce = (op: string, x: Value, axes: ReadonlyArray<number>, keep: boolean): Value => {
  const r = axes.length === 0 ? x : bind(op, [x], { axes })
  return keep ? reshape(r, keepDims(x.shape, axes)) : r
}

const reducing =
  (op: string): Lowering =>
  ({ x }, a) =>
    reduce(op, x!, axesOf(a, x!), a["keepDims"] === true)

const along = (x: Value, attributes: Attributes): number => dimension(numberOf(attributes, "dim", -1), x.shape.length)

/** x minus its greatest element along an axis. */
const shifted = (x: Value, axis: number): Value => sub(x, apply("stopGradient", reduce("max", x, [axis], true)))

const softmax: Lowering = ({ logits }, a) => {
  const axis = along(logits!, a)
  const e = apply("exp", shifted(logits!, axis))
  return div(e, reduce("sum", e, [axis], true))
}

const logSoftmax: Lowering = ({ logits }, a) => {
  const axis = along(logits!, a)
  const s = shifted(logits!, axis)
  return sub(s, apply("log", reduce("sum", apply("exp", s), [axis], true)))
}

export const reductions: Readonly<Record<string, Lowering>> = {
  Sum: reducing("sum"),
  Max: reducing("max"),
  Min: reducing("min"),
  Prod: reducing("prod"),
  All: reducing("min"),
  Any: reducing("max"),
  Mean: ({ x }, a) => {
    const axes = axesOf(a, x!)
    return mul(reduce("sum", cast(x!, "f32"), axes, a["keepDims"] === true), 1 / sizeOf(axes.map((i) => x!.shape[i]!)))
  },
  ArgMax: ({ x }, a) => bind("argmax", [x!], { axis: axesOf(a, x!)[0] }),
  ArgMin: ({ x }, a) => bind("argmax", [neg(x!)], { axis: axesOf(a, x!)[0] }),
  Softmax: softmax,
  LogSoftmax: logSoftmax,
  Cumsum: ({ x }, a) =>
    bind("cumsum", [x!], {
      axis: dimension(numberOf(a, "axis"), x!.shape.length),
      exclusive: a["exclusive"] === true,
      backward: a["reverse"] === true
    }),
  UnsortedSegmentSum: ({ x, segmentIds }, a) => segmentSum(x!, segmentIds!, numberOf(a, "numSegments"))
}

/** Sums the rows of x that share a segment: a product with the one-hot indicator. */
const segmentSum = (x: Value, segments: Value, count: number): Value => {
  const indicator = bind("onehot", [segments], { depth: count, on: 1, off: 0, to: "f32" })
  const rows = x.shape[0]!
  const flat = reshape(x, [rows, sizeOf(x.shape.slice(1))])
  const summed = bind("dot", [indicator, flat], { transposeA: true, transposeB: false })
  return reshape(summed, [count, ...x.shape.slice(1)])
}
