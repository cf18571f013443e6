/** Reductions, softmax and running sums and products. */
import * as tf from "@tensorflow/tfjs-core"
import { add, apply, bind, concat, div, fill, mul, neg, reshape, slice, sub } from "../../graph/bind.ts"
import { keepDims, range, sizeOf } from "../../graph/shape.ts"
import type { Value } from "../../graph/value.ts"
import { asFloat } from "./elementwise.ts"
import type { Attributes, Lowering } from "./lowering.ts"
import { dimension, numberOf } from "./lowering.ts"
import { reversed } from "./movement.ts"

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

/** `x` moved on by `by` along `axis`, with ones where nothing is left. */
const delayed = (x: Value, axis: number, by: number): Value =>
  concat(
    [
      fill(1, x.shape.with(axis, by), x.dtype),
      slice(
        x,
        x.shape.map(() => 0),
        x.shape.with(axis, x.shape[axis]! - by)
      )
    ],
    axis
  )

/** Running products by doubling: after k rounds each element is the product of the last 2^k. Its gradient is right at zeros too. */
const cumprod: Lowering = ({ x }, a) => {
  const axis = dimension(numberOf(a, "axis"), x!.shape.length)
  const n = x!.shape[axis]!
  const turned = (y: Value): Value => (a["reverse"] === true ? reversed(y, [axis]) : y)
  let y = turned(x!)
  if (a["exclusive"] === true) y = delayed(y, axis, 1)
  for (let by = 1; by < n; by *= 2) y = mul(y, delayed(y, axis, by))
  return turned(y)
}

const batchNorm: Lowering = ({ x, mean, variance, offset, scale }, a) => {
  const standard = mul(sub(x!, mean!), apply("rsqrt", add(variance!, numberOf(a, "varianceEpsilon"))))
  const scaled = scale === undefined ? standard : mul(standard, scale)
  return offset === undefined ? scaled : add(scaled, offset)
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
    return mul(reduce("sum", asFloat(x!), axes, a["keepDims"] === true), 1 / sizeOf(axes.map((i) => x!.shape[i]!)))
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
  Cumprod: cumprod,
  FusedBatchNorm: batchNorm
}
