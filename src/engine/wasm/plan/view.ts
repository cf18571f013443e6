/** Strided views of values: what moves numbers without computing any costs nothing until they are read. */
import { ones, range, sameShape, stridesOf } from "../../../graph/shape.ts"
import type { Shape } from "../../../graph/types.ts"

/** The elements offset + Σ index · stride of a value. */
export interface View {
  readonly value: number
  readonly offset: number
  readonly shape: Shape
  readonly strides: ReadonlyArray<number>
}

export const whole = (value: number, shape: Shape): View => ({ value, offset: 0, shape, strides: stridesOf(shape) })

/** Whether the elements stand one after the other. */
export const isDense = ({ shape, strides }: Pick<View, "shape" | "strides">): boolean => {
  let step = 1
  for (let d = shape.length - 1; d >= 0; d--) {
    if (shape[d] === 1) continue
    if (strides[d] !== step) return false
    step *= shape[d]!
  }
  return true
}

/** Whether the outer dimensions stand farther apart than the inner ones. */
export const isInOrder = ({ shape, strides }: View): boolean => {
  let least = 0
  for (let d = shape.length - 1; d >= 0; d--) {
    if (shape[d] === 1) continue
    const stride = Math.abs(strides[d]!)
    if (stride < least) return false
    least = stride
  }
  return true
}

export const transposeView = ({ value, offset, shape, strides }: View, permutation: ReadonlyArray<number>): View => ({
  value,
  offset,
  shape: permutation.map((p) => shape[p]!),
  strides: permutation.map((p) => strides[p]!)
})

/** The dimensions in the order in which they stand in memory, the farthest apart first; those of one element stay where they are. */
export const standing = ({ shape, strides }: Pick<View, "shape" | "strides">): ReadonlyArray<number> => {
  const real = range(shape.length).filter((d) => shape[d] !== 1)
  const sorted = real.toSorted((a, b) => Math.abs(strides[b]!) - Math.abs(strides[a]!) || a - b)
  let next = 0
  return shape.map((size, d) => (size === 1 ? d : sorted[next++]!))
}

export const inverse = (permutation: ReadonlyArray<number>): ReadonlyArray<number> => permutation.map((_, d) => permutation.indexOf(d))

export const broadcastView = (v: View, shape: Shape): View => {
  if (sameShape(v.shape, shape)) return v
  const offset = shape.length - v.shape.length
  return { ...v, shape, strides: shape.map((_, i) => (i < offset || v.shape[i - offset] === 1 ? 0 : v.strides[i - offset]!)) }
}

export const sliceView = (v: View, begin: Shape, size: Shape, stride: Shape): View => ({
  value: v.value,
  offset: v.offset + begin.reduce((n, b, i) => n + b * v.strides[i]!, 0),
  shape: size,
  strides: v.strides.map((s, i) => (size[i] === 1 ? 0 : s * stride[i]!))
})

interface Dimension {
  size: number
  stride: number
}

/** Neighbouring dimensions that run on are one; those of size 1 are gone. */
export const mergedDimensions = ({ shape, strides }: Pick<View, "shape" | "strides">): Array<Dimension> => {
  const merged: Array<Dimension> = []
  shape.forEach((size, i) => {
    if (size === 1) return
    const last = merged.at(-1)
    if (last !== undefined && last.stride === strides[i]! * size) {
      last.size *= size
      last.stride = strides[i]!
    } else merged.push({ size, stride: strides[i]! })
  })
  return merged
}

/** The same elements in the same order under another shape, where strides can say so. */
export const reshapeView = (v: View, shape: Shape): View | undefined => {
  if (isDense(v)) return { ...v, shape, strides: stridesOf(shape) }
  const dimensions = mergedDimensions(v)
  const strides = ones(shape.length)
  let at = shape.length - 1
  for (const { size, stride } of dimensions.toReversed()) {
    let covered = 1
    while (covered < size) {
      if (at < 0) return undefined
      if (shape[at] !== 1) {
        if (size % (covered * shape[at]!) !== 0) return undefined
        strides[at] = stride * covered
        covered *= shape[at]!
      }
      at--
    }
  }
  return { ...v, shape, strides }
}

/** Whether a view is a value as it is. */
export const isWhole = (v: View, shape: Shape): boolean => v.offset === 0 && sameShape(v.shape, shape) && isDense(v)
