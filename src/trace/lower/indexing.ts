/** Kernels that look up, scatter or order by index. */
import * as tf from "@tensorflow/tfjs-core"
import { apply, bind, broadcastTo, cast, fill, mul, neg, reshape, select, slice, sum } from "../../graph/bind.ts"
import { emit, real } from "../../graph/recorder.ts"
import { range, sizeOf, stridesOf } from "../../graph/shape.ts"
import type { Shape } from "../../graph/types.ts"
import type { Value } from "../../graph/value.ts"
import type { Attributes, Lowering } from "./lowering.ts"
import { dimension, dtypeNamed, numberOf } from "./lowering.ts"

const axisOf = (a: Attributes, x: Value): number => tf.util.parseAxisParam(a["axis"] as number, [...x.shape])[0]!

const integers = (values: ReadonlyArray<number>, shape: Shape): Value =>
  real(emit("constant", [], { shape, value: Float64Array.from(values) }, "i32"))

const gather: Lowering = ({ x, indices }, a) =>
  bind("gather", [x!, indices!], { axis: axisOf(a, x!), batchDims: dimension(numberOf(a, "batchDims", 0), indices!.shape.length) })

/** Positions in the row-major first dimensions of `shape` that the rows of `indices` [n, d] name. */
const flatIndex = (indices: Value, shape: Shape): Value => {
  const strides = stridesOf(shape.slice(0, indices.shape.at(-1)!))
  return sum(mul(indices, integers(strides, [strides.length])), [indices.shape.length - 1])
}

const gatherNd: Lowering = ({ params, indices }) => {
  const depth = indices!.shape.at(-1)!
  const rest = params!.shape.slice(depth)
  const rows = reshape(params!, [sizeOf(params!.shape.slice(0, depth)), ...rest])
  return bind("gather", [rows, flatIndex(indices!, params!.shape)], { axis: 0, batchDims: 0 })
}

/** Rows of `updates` added up where `index` says, in zeros of [count, …rest]. */
const scatter = (updates: Value, index: Value, count: number, rest: Shape): Value => {
  const rows = sizeOf(index.shape)
  const put = bind("put", [reshape(updates, [1, 1, rows, sizeOf(rest)]), reshape(index, [1, rows])], { length: count })
  return reshape(put, [count, ...rest])
}

const scatterNd = (indices: Value, updates: Value, shape: Shape): Value => {
  const depth = indices.shape.at(-1)!
  return reshape(scatter(updates, flatIndex(indices, shape), sizeOf(shape.slice(0, depth)), shape.slice(depth)), shape)
}

const tensorScatterUpdate: Lowering = ({ tensor, indices, updates }) => {
  const hit = scatterNd(indices!, fill(1, updates!.shape, "f32"), tensor!.shape)
  return select(apply("greater", hit, 0), scatterNd(indices!, updates!, tensor!.shape), tensor!)
}

/** The k greatest along the last axis, in descending order, and where they stand; of equal ones the first comes first. */
const topK: Lowering = ({ x }, a) => {
  const k = numberOf(a, "k")
  const n = x!.shape.at(-1)!
  const begin = x!.shape.map(() => 0)
  const lead = x!.shape.slice(0, -1)
  const indices = slice(bind("argsort", [neg(x!)]), begin, [...lead, k])
  const rows = sizeOf(lead)
  const taken = bind("gather", [reshape(x!, [rows, n]), reshape(indices, [rows, k])], { axis: 1, batchDims: 1 })
  return [reshape(taken, [...lead, k]), indices]
}

/** How many elements of each sorted row [B, n] are below (`left`), or not above (`right`), each value [B, m]. */
const searchSorted: Lowering = ({ sortedSequence, values }, { side }) => {
  const [b, n] = sortedSequence!.shape as [number, number]
  const m = values!.shape[1]!
  const row = reshape(sortedSequence!, [b, 1, n])
  return sum(cast(apply(side === "left" ? "less" : "lessEqual", row, reshape(values!, [b, m, 1])), "i32"), [2])
}

/** The elements on the diagonal of a square array of twice the rank. */
const diag: Lowering = ({ x }) => {
  const n = sizeOf(x!.shape)
  const own = real(
    emit("constant", [], { shape: [n, n], value: Float64Array.from(range(n * n), (k) => (k % (n + 1) === 0 ? 1 : 0)) }, "bool")
  )
  return reshape(select(own, broadcastTo(reshape(x!, [n, 1]), [n, n]), 0), [...x!.shape, ...x!.shape])
}

export const indexing: Readonly<Record<string, Lowering>> = {
  GatherV2: gather,
  GatherNd: gatherNd,
  ScatterNd: ({ indices, updates }, { shape }) => scatterNd(indices!, updates!, shape as Shape),
  TensorScatterUpdate: tensorScatterUpdate,
  UnsortedSegmentSum: ({ x, segmentIds }, a) =>
    scatter(x!, segmentIds!, numberOf(a, "numSegments"), x!.shape.slice(segmentIds!.shape.length)),
  TopK: topK,
  SearchSorted: searchSorted,
  Diag: diag,
  OneHot: ({ indices }, a) =>
    bind("onehot", [indices!], {
      depth: numberOf(a, "depth"),
      on: numberOf(a, "onValue"),
      off: numberOf(a, "offValue"),
      to: dtypeNamed(a["dtype"] as string | undefined)
    })
}
