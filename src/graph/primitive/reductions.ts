/** Reductions over axes, and running sums. */
import { apply, broadcastTo, div, fill, mul, reshape, select, sum, transpose } from "../bind.ts"
import { emit, real } from "../recorder.ts"
import { broadcastStrides, keepDims, offsetsOf, range, sizeOf, stridesOf } from "../shape.ts"
import type { Attributes, DType, Shape, TypedArray } from "../types.ts"
import type { Value } from "../value.ts"
import type { Kernel, Primitive } from "./primitive.ts"
import { firstDType } from "./primitive.ts"
import { rowsOf } from "./rows.ts"

const axesOf = (attributes: Attributes): ReadonlyArray<number> => attributes["axes"] as ReadonlyArray<number>

/** A reduced value spread over the shape it came from. */
const spread = (g: Value, x: Value, axes: ReadonlyArray<number>): Value => broadcastTo(reshape(g, keepDims(x.shape, axes)), x.shape)

const ranges: Partial<Readonly<Record<DType, readonly [number, number]>>> = {
  bool: [0, 1],
  i32: [-(2 ** 31), 2 ** 31 - 1],
  u32: [0, 2 ** 32 - 1]
}

/** The number nearest to `x` that the dtype has: integers have no infinities. */
const within = (dtype: DType, x: number): number => {
  const [low, high] = ranges[dtype] ?? [-Infinity, Infinity]
  return Math.min(Math.max(x, low), high)
}

const starts = { sum: 0, prod: 1, max: -Infinity, min: Infinity } as const

/** What a reduction over no elements gives. */
export const emptyReduction = (op: string, dtype: DType): number => within(dtype, starts[op as keyof typeof starts])

const reduction = (
  op: keyof typeof starts,
  step: (accumulated: number, x: number) => number,
  reverse: NonNullable<Primitive["reverse"]>
): Primitive => ({
  shape: (attributes, s) => s.filter((_, i) => !axesOf(attributes).includes(i)),
  dtype: (_, d) => (d === "bool" && op === "sum" ? "i32" : d),
  shared: true,
  batch: ([x], attributes, hidden) => emit(op, [x!.id], { axes: axesOf(attributes).map((i) => i + hidden.length) }),
  reverse,
  kernel: (node, [s]): Kernel => {
    const { count, length, operands } = rowsOf(s!, [broadcastStrides(keepDims(s!, axesOf(node.attributes)), s!)])
    const { starts: from, stride } = operands[0]!
    const first = emptyReduction(op, node.dtype)
    const row =
      op === "sum"
        ? addRow
        : (x: TypedArray, k: number, n: number, out: TypedArray, o: number, by: number): void => {
            for (let e = 0, i = o; e < n; e++, i += by) out[i] = step(out[i]!, x[k + e]!)
          }
    return ([x], out) => {
      out.fill(first)
      for (let r = 0; r < count; r++) row(x!, r * length, length, out, from[r]!, stride)
    }
  }
})

/** Adds n elements of x from k on into out: all at o, or each a stride further. */
const addRow = (x: TypedArray, k: number, n: number, out: TypedArray, o: number, stride: number): void => {
  if (stride === 0) {
    let sum = out[o]!
    for (let e = 0; e < n; e++) sum += x[k + e]!
    out[o] = sum
  } else for (let e = 0, i = o; e < n; e++, i += stride) out[i] = out[i]! + x[k + e]!
}

/** The cotangent shared evenly among the elements that attain the extremum. */
const attained: NonNullable<Primitive["reverse"]> = (g, { inputs, output, attributes }) => {
  const x = inputs[0]!
  const axes = axesOf(attributes)
  const hit = select(apply("equal", x, spread(output, x, axes)), fill(1, [], x.dtype), 0)
  return [mul(hit, spread(div(g, sum(hit, axes)), x, axes))]
}

/** The cotangent times the product of all the others, which is right at zeros too. */
const others: NonNullable<Primitive["reverse"]> = (g, { inputs, attributes }) => {
  const x = inputs[0]!
  const axes = axesOf(attributes)
  const rest = range(x.shape.length).filter((i) => !axes.includes(i))
  const permutation = [...rest, ...axes]
  const outer = rest.map((i) => x.shape[i]!)
  const n = sizeOf(axes.map((i) => x.shape[i]!))
  const rows = reshape(transpose(x, permutation), [...outer, 1, n])
  const own = real(
    emit("constant", [], { shape: [n, n], value: Float64Array.from(range(n * n), (k) => (Math.floor(k / n) === k % n ? 1 : 0)) }, "bool")
  )
  const products = apply("mul", reshape(g, [...outer, 1]), bindProduct(select(own, 1, broadcastTo(rows, [...outer, n, n]))))
  const back = permutation.map((_, i) => permutation.indexOf(i))
  return [
    transpose(
      reshape(
        products,
        permutation.map((i) => x.shape[i]!)
      ),
      back
    )
  ]
}
const bindProduct = (x: Value): Value => real(emit("prod", [x.id], { axes: [x.shape.length - 1] }))

const max = (a: number, b: number): number => (a !== a || b !== b ? NaN : a > b ? a : b)
const min = (a: number, b: number): number => (a !== a || b !== b ? NaN : a < b ? a : b)

const alongAxis = (s: Shape, axis: number): { readonly starts: Int32Array; readonly stride: number; readonly length: number } => ({
  starts: offsetsOf(keepDims(s, [axis]), stridesOf(s)),
  stride: stridesOf(s)[axis]!,
  length: s[axis]!
})

export const reductions: Readonly<Record<string, Primitive>> = {
  sum: reduction(
    "sum",
    (a, x) => a + x,
    (g, { inputs: [x], attributes }) => [spread(g, x!, axesOf(attributes))]
  ),
  prod: reduction("prod", (a, x) => a * x, others),
  max: reduction("max", max, attained),
  min: reduction("min", min, attained),
  /** Index of the first greatest element along `axis`. */
  argmax: {
    shape: ({ axis }, s) => s.filter((_, i) => i !== axis),
    dtype: () => "i32",
    shared: true,
    batch: ([x], { axis }, hidden) => emit("argmax", [x!.id], { axis: (axis as number) + hidden.length }),
    kernel: (node, [s]) => {
      const { starts, stride, length } = alongAxis(s!, node.attributes["axis"] as number)
      return ([x], out) => {
        starts.forEach((o, k) => {
          let best = 0
          for (let j = 1; j < length; j++) if (x![o + j * stride]! > x![o + best * stride]!) best = j
          out[k] = best
        })
      }
    }
  },
  /** Running sum along `axis`; `exclusive` leaves out the element itself, `backward` runs from the end. */
  cumsum: {
    shape: (_, s) => s,
    dtype: firstDType,
    shared: true,
    batch: ([x], attributes, hidden) => emit("cumsum", [x!.id], { ...attributes, axis: (attributes["axis"] as number) + hidden.length }),
    reverse: (g, { attributes }) => [real(emit("cumsum", [g.id], { ...attributes, backward: attributes["backward"] !== true }))],
    kernel: (node, [s]) => {
      const { starts, stride, length } = alongAxis(s!, node.attributes["axis"] as number)
      const { exclusive, backward } = node.attributes
      return ([x], out) => {
        for (const o of starts) {
          let a = 0
          for (let j = 0; j < length; j++) {
            const i = o + (backward === true ? length - 1 - j : j) * stride
            if (exclusive === true) out[i] = a
            a += x![i]!
            if (exclusive !== true) out[i] = a
          }
        }
      }
    }
  },
  /** Ascending along the last axis. */
  sort: {
    shape: (_, s) => s,
    dtype: firstDType,
    shared: true,
    batch: ([x]) => emit("sort", [x!.id]),
    reverse: (g, { inputs: [x] }) => {
      const n = g.shape.at(-1) ?? 1
      const rows = sizeOf(g.shape) / n
      const back = emit("put", [reshape(g, [rows, 1, n, 1]).id, reshape(real(emit("argsort", [x!.id])), [rows, n]).id], { length: n })
      return [reshape(real(back), g.shape)]
    },
    kernel: (_, [s]) => {
      const n = s!.at(-1) ?? 1
      return ([x], out) => {
        out.set(x!)
        for (let o = 0; o < out.length; o += n) out.subarray(o, o + n).sort()
      }
    }
  },
  /** Where the elements of the sorted last axis come from; equal ones in their order. */
  argsort: {
    shape: (_, s) => s,
    dtype: () => "i32",
    shared: true,
    batch: ([x]) => emit("argsort", [x!.id]),
    kernel: (_, [s]) => {
      const n = s!.at(-1) ?? 1
      const order = range(n)
      return ([x], out) => {
        for (let o = 0; o < out.length; o += n) {
          for (let i = 0; i < n; i++) order[i] = i
          order.sort((i, j) => x![o + i]! - x![o + j]! || i - j)
          for (let i = 0; i < n; i++) out[o + i] = order[i]!
        }
      }
    }
  }
}
