/** Primitives that move values and compute nothing. */
import { ShapeError } from "../../errors.ts"
import { bind, full, reshape, slice, thin, transpose, unbroadcast } from "../bind.ts"
import { emit } from "../recorder.ts"
import { broadcastStrides, ones, range, sameShape, showShape, sizeOf, stridesOf } from "../shape.ts"
import type { Shape } from "../types.ts"
import { sizesOf } from "../value.ts"
import type { Kernel, Primitive } from "./primitive.ts"
import { firstDType, promote } from "./primitive.ts"
import { copyRows, rowsOf, spreadRows } from "./rows.ts"

/** Copies from strided places. */
const copyFrom = (shape: Shape, strides: ReadonlyArray<number>, begin = 0): Kernel => {
  const copy = copyRows(rowsOf(shape, [strides]), begin)
  return ([x], out) => copy(x!, out)
}

const dotOffsets = (index: ReadonlyArray<number>, strides: ReadonlyArray<number>): number =>
  index.reduce((offset, i, d) => offset + i * strides[d]!, 0)

export const movement: Readonly<Record<string, Primitive>> = {
  reshape: {
    shape: ({ shape }, s) => {
      if (sizeOf(shape as Shape) !== sizeOf(s)) {
        throw new ShapeError({ where: "reshape", expected: `as many elements as ${showShape(s)}`, received: showShape(shape as Shape) })
      }
      return shape as Shape
    },
    dtype: firstDType,
    shared: true,
    branch: "linear",
    batch: ([x], { shape }, axes) => emit("reshape", [x!.id], { shape: [...sizesOf(axes), ...(shape as Shape)] }),
    reverse: (g, { inputs: [x] }) => [reshape(g, x!.shape)],
    kernel:
      () =>
      ([x], out) =>
        out.set(x!)
  },
  transpose: {
    shape: ({ permutation }, s) => (permutation as ReadonlyArray<number>).map((p) => s[p]!),
    dtype: firstDType,
    shared: true,
    batch: ([x], { permutation }, axes) =>
      emit("transpose", [x!.id], {
        permutation: [...range(axes.length), ...(permutation as ReadonlyArray<number>).map((p) => p + axes.length)]
      }),
    reverse: (g, { attributes: { permutation: p } }) => {
      const permutation = p as ReadonlyArray<number>
      return [
        transpose(
          g,
          permutation.map((_, i) => permutation.indexOf(i))
        )
      ]
    },
    kernel: (node, [s]) => {
      const strides = stridesOf(s!)
      return copyFrom(
        node.shape,
        (node.attributes["permutation"] as ReadonlyArray<number>).map((p) => strides[p]!)
      )
    }
  },
  broadcast: {
    shape: ({ shape }) => shape as Shape,
    dtype: firstDType,
    shared: true,
    batch: ([x], { shape }, axes) =>
      emit("broadcast", [thin(x!, axes, (shape as Shape).length)], { shape: [...sizesOf(axes), ...(shape as Shape)] }),
    reverse: (g, { inputs: [x] }) => [unbroadcast(g, x!.shape)],
    kernel: (node, [s]) => copyFrom(node.shape, broadcastStrides(s!, node.shape))
  },
  concat: {
    shape: ({ axis }, ...shapes) => {
      const first = shapes[0]!
      for (const s of shapes) {
        if (s.length !== first.length || s.some((d, i) => i !== axis && d !== first[i])) {
          throw new ShapeError({
            where: "concat",
            expected: `equal sizes off axis ${String(axis)}`,
            received: shapes.map(showShape).join(" and ")
          })
        }
      }
      return first.map((d, i) => (i === axis ? shapes.reduce((n, s) => n + s[i]!, 0) : d))
    },
    dtype: promote,
    shared: true,
    batch: (values, { axis }, axes) =>
      emit(
        "concat",
        values.map((v) => full(v, axes)),
        { axis: (axis as number) + axes.length }
      ),
    reverse: (g, { inputs, attributes: { axis } }) => {
      let at = 0
      return inputs.map((x) => {
        const begin = g.shape.map((_, i) => (i === axis ? at : 0))
        at += x.shape[axis as number]!
        return slice(g, begin, x.shape)
      })
    },
    kernel: (node, shapes) => {
      const axis = node.attributes["axis"] as number
      const strides = stridesOf(node.shape)
      const outer = sizeOf(node.shape.slice(0, axis))
      const rows = shapes.map((s) => s[axis]! * strides[axis]!)
      const row = node.shape[axis]! * strides[axis]!
      return (inputs, out) => {
        let at = 0
        inputs.forEach((x, k) => {
          const n = rows[k]!
          for (let o = 0; o < outer; o++) for (let i = 0; i < n; i++) out[o * row + at + i] = x[o * n + i]!
          at += n
        })
      }
    }
  },
  /** Elements begin, begin + stride, … along each dimension (a negative stride runs backwards). */
  slice: {
    shape: ({ begin, size, stride }, s) => {
      const b = begin as Shape
      const st = stride as Shape
      ;(size as Shape).forEach((n, i) => {
        const last = b[i]! + (n - 1) * st[i]!
        if (n > 0 && (b[i]! < 0 || b[i]! >= s[i]! || last < 0 || last >= s[i]!)) {
          throw new ShapeError({
            where: "slice",
            expected: `a range inside ${showShape(s)}`,
            received: `${n} elements from ${b[i]} on axis ${i}`
          })
        }
      })
      return size as Shape
    },
    dtype: firstDType,
    shared: true,
    batch: ([x], { begin, size, stride }, axes) =>
      emit("slice", [x!.id], {
        begin: [...axes.map(() => 0), ...(begin as Shape)],
        size: [...sizesOf(axes), ...(size as Shape)],
        stride: [...ones(axes.length), ...(stride as Shape)]
      }),
    reverse: (g, { inputs: [x], attributes: { begin, stride } }) => [bind("unslice", [g], { begin, stride, shape: x!.shape })],
    kernel: (node, [s]) => {
      const strides = stridesOf(s!)
      const { begin, stride } = node.attributes as { readonly begin: Shape; readonly stride: Shape }
      return copyFrom(
        node.shape,
        strides.map((v, i) => v * stride[i]!),
        dotOffsets(begin, strides)
      )
    }
  },
  /** The reverse of `slice`: zeros of `shape`, with the input at begin, begin + stride, …. Padding is a case of it. */
  unslice: {
    shape: ({ shape }) => shape as Shape,
    dtype: firstDType,
    shared: true,
    batch: ([x], { begin, stride, shape }, axes) =>
      emit("unslice", [x!.id], {
        begin: [...axes.map(() => 0), ...(begin as Shape)],
        stride: [...ones(axes.length), ...(stride as Shape)],
        shape: [...sizesOf(axes), ...(shape as Shape)]
      }),
    reverse: (g, { inputs: [x], attributes: { begin, stride } }) => [slice(g, begin as Shape, x!.shape, stride as Shape)],
    kernel: (node, [s]) => {
      const strides = stridesOf(node.shape)
      const { begin, stride } = node.attributes as { readonly begin: Shape; readonly stride: Shape }
      const spread = spreadRows(rowsOf(s!, [strides.map((v, i) => v * stride[i]!)]), dotOffsets(begin, strides))
      const whole = sameShape(s!, node.shape)
      return ([x], out) => {
        if (!whole) out.fill(0)
        spread(x!, out)
      }
    }
  }
}
