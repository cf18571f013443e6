/** Kernels that move values: reshapes, slices, joins. */
import * as tf from "@tensorflow/tfjs-core"
import { bind, broadcastTo, concat, fill, reshape, select, slice, transpose } from "../../graph/bind.ts"
import { emit, real } from "../../graph/recorder.ts"
import { ones, range, sizeOf } from "../../graph/shape.ts"
import type { DType, Shape } from "../../graph/types.ts"
import type { Value } from "../../graph/value.ts"
import type { Attributes, Lowering } from "./lowering.ts"
import { dimension, dtypeNamed, numberOf } from "./lowering.ts"

const split = (x: Value, axis: number, sizes: ReadonlyArray<number>): ReadonlyArray<Value> => {
  let at = 0
  return sizes.map((n) => {
    const begin = x.shape.map((_, i) => (i === axis ? at : 0))
    at += n
    return slice(
      x,
      begin,
      x.shape.map((d, i) => (i === axis ? n : d))
    )
  })
}

const axisOf = (a: Attributes, x: Value): number => tf.util.parseAxisParam(a["axis"] as number, [...x.shape])[0]!

const tile: Lowering = ({ x }, { reps }) => {
  const counts = reps as Shape
  const interleaved = reshape(
    x!,
    x!.shape.flatMap((d) => [1, d])
  )
  return reshape(
    broadcastTo(
      interleaved,
      x!.shape.flatMap((d, k) => [counts[k]!, d])
    ),
    x!.shape.map((d, k) => d * counts[k]!)
  )
}

const pad: Lowering = ({ x }, { paddings, constantValue }) => {
  const p = paddings as ReadonlyArray<readonly [number, number]>
  const shape = x!.shape.map((d, k) => d + p[k]![0] + p[k]![1])
  const at = { begin: p.map(([before]) => before), stride: ones(shape.length), shape }
  const padded = bind("unslice", [x!], at)
  return constantValue === 0 || constantValue === undefined
    ? padded
    : select(bind("unslice", [fill(1, x!.shape, "bool")], at), padded, constantValue as number)
}

/** `x` run backwards along `axes`. */
export const reversed = (x: Value, axes: ReadonlyArray<number>): Value =>
  slice(
    x,
    x.shape.map((d, i) => (axes.includes(i) ? d - 1 : 0)),
    x.shape,
    x.shape.map((_, i) => (axes.includes(i) ? -1 : 1))
  )

const stridedSlice: Lowering = ({ x }, a) => {
  const s = tf.slice_util.sliceInfo(
    [...x!.shape],
    a["begin"] as Array<number>,
    a["end"] as Array<number>,
    a["strides"] as Array<number>,
    a["beginMask"] as number,
    a["endMask"] as number,
    a["ellipsisMask"] as number,
    a["newAxisMask"] as number,
    a["shrinkAxisMask"] as number
  )
  return reshape(slice(x!, s.begin, tf.slice_util.computeOutShape(s.begin, s.end, s.strides), s.strides), s.finalShape)
}

const mirrorPad: Lowering = ({ x }, { paddings, mode }) => {
  const inset = mode === "reflect" ? 1 : 0
  return (paddings as ReadonlyArray<readonly [number, number]>).reduce((y, [before, after], axis) => {
    const take = (from: number, n: number): ReadonlyArray<Value> =>
      n === 0
        ? []
        : [
            slice(
              y,
              y.shape.map((_, i) => (i === axis ? from : 0)),
              y.shape.map((d, i) => (i === axis ? n : d)),
              y.shape.map((_, i) => (i === axis ? -1 : 1))
            )
          ]
    const d = y.shape[axis]!
    return concat([...take(inset + before - 1, before), y, ...take(d - 1 - inset, after)], axis)
  }, x!)
}

const sequence = (n: number, start: number, step: number, dtype: DType): Value =>
  real(emit("constant", [], { shape: [n], value: Float64Array.from(range(n), (k) => start + k * step) }, dtype))

const arange: Lowering = (_, a) => {
  const start = numberOf(a, "start")
  const step = numberOf(a, "step")
  return sequence(Math.max(0, Math.ceil((numberOf(a, "stop") - start) / step)), start, step, dtypeNamed(a["dtype"] as string | undefined))
}

const linspace: Lowering = (_, a) => {
  const start = numberOf(a, "start")
  const count = numberOf(a, "num")
  return sequence(count, start, (numberOf(a, "stop") - start) / Math.max(1, count - 1), "f32")
}

export const movement: Readonly<Record<string, Lowering>> = {
  Reshape: ({ x }, { shape }) => reshape(x!, tf.util.inferFromImplicitShape([...(shape as Shape)], sizeOf(x!.shape))),
  ExpandDims: ({ input }, a) => reshape(input!, input!.shape.toSpliced(dimension(numberOf(a, "dim"), input!.shape.length + 1), 0, 1)),
  Transpose: ({ x }, { perm }) => transpose(x!, perm as Shape),
  Tile: tile,
  PadV2: pad,
  MirrorPad: mirrorPad,
  Slice: ({ x }, { begin, size }) => {
    const [b, s] = tf.slice_util.parseSliceParams({ shape: [...x!.shape] } as unknown as tf.TensorInfo, begin as number, size as number)
    return slice(x!, b!, s!)
  },
  Reverse: ({ x }, { dims }) => reversed(x!, tf.util.parseAxisParam(dims as Array<number>, [...x!.shape])),
  StridedSlice: stridedSlice,
  Concat: (inputs, a) => {
    const xs = Object.values(inputs)
    return concat(xs, dimension(numberOf(a, "axis"), xs[0]!.shape.length))
  },
  Pack: (inputs, a) => {
    const xs = Object.values(inputs)
    const axis = dimension(numberOf(a, "axis"), xs[0]!.shape.length + 1)
    return concat(
      xs.map((x) => reshape(x, x.shape.toSpliced(axis, 0, 1))),
      axis
    )
  },
  Unpack: ({ value }, a) => {
    const axis = dimension(numberOf(a, "axis"), value!.shape.length)
    return split(value!, axis, ones(value!.shape[axis]!)).map((p) => reshape(p, value!.shape.toSpliced(axis, 1)))
  },
  SplitV: ({ x }, a) => {
    const axis = axisOf(a, x!)
    const like = { shape: [...x!.shape] } as unknown as tf.Tensor
    return split(x!, axis, tf.backend_util.prepareSplitSize(like, a["numOrSizeSplits"] as Array<number>, axis))
  },
  Fill: (_, { value, shape, dtype }) => fill(value as number, shape as Shape, dtypeNamed(dtype as string | undefined)),
  Range: arange,
  LinSpace: linspace
}
