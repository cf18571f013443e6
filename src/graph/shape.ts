/** Arithmetic of shapes. */
import { ShapeError } from "../errors.ts"
import type { Shape } from "./types.ts"

export const sizeOf = (shape: Shape): number => {
  let size = 1
  for (let i = 0; i < shape.length; i++) size *= shape[i]!
  return size
}

export const sameShape = (a: Shape, b: Shape): boolean => {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

export const range = (n: number, from = 0): Array<number> => {
  const all: Array<number> = []
  for (let i = 0; i < n; i++) all.push(from + i)
  return all
}

export const ones = (rank: number): Array<number> => {
  const all: Array<number> = []
  for (let i = 0; i < rank; i++) all.push(1)
  return all
}

export const showShape = (shape: Shape): string => `[${shape.join(", ")}]`

/** Distance in a row-major buffer between neighbours along each dimension. */
export const stridesOf = (shape: Shape): Array<number> => {
  const strides = new Array<number>(shape.length)
  let step = 1
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = step
    step *= shape[i]!
  }
  return strides
}

/** Strides of a buffer of shape `from` read as `to`: 0 along the dimensions it is broadcast over. */
export const broadcastStrides = (from: Shape, to: Shape): Array<number> => {
  const offset = to.length - from.length
  const strides = stridesOf(from)
  return to.map((_, i) => (i < offset || from[i - offset] === 1 ? 0 : strides[i - offset]!))
}

/** NumPy's rule: aligned from the last dimension, sizes equal or 1. */
export const broadcastShapes = (where: string, shapes: ReadonlyArray<Shape>): Array<number> => {
  let rank = 0
  for (const shape of shapes) rank = Math.max(rank, shape.length)
  const out = ones(rank)
  for (const shape of shapes) {
    const offset = rank - shape.length
    for (let i = 0; i < shape.length; i++) {
      const d = shape[i]!
      if (d === 1) continue
      if (out[i + offset] !== 1 && out[i + offset] !== d) {
        throw new ShapeError({ where, expected: "shapes that broadcast", received: shapes.map(showShape).join(" and ") })
      }
      out[i + offset] = d
    }
  }
  return out
}

/** `shape` with 1 along `axes`. */
export const keepDims = (shape: Shape, axes: ReadonlyArray<number>): Array<number> => shape.map((d, i) => (axes.includes(i) ? 1 : d))

/** Visits the elements of `shape` in row-major order with the offset that each list of strides gives. */
export const walk = (
  shape: Shape,
  strides: ReadonlyArray<ReadonlyArray<number>>,
  visit: (k: number, offsets: Int32Array) => void
): void => {
  const n = sizeOf(shape)
  const rank = shape.length
  const index = new Int32Array(rank)
  const offsets = new Int32Array(strides.length)
  for (let k = 0; k < n; k++) {
    visit(k, offsets)
    for (let d = rank - 1; d >= 0; d--) {
      index[d]!++
      for (let j = 0; j < strides.length; j++) offsets[j]! += strides[j]![d]!
      if (index[d]! < shape[d]!) break
      for (let j = 0; j < strides.length; j++) offsets[j]! -= strides[j]![d]! * shape[d]!
      index[d] = 0
    }
  }
}

/** The offsets of one strided view, precomputed: for kernels that run often. */
export const offsetsOf = (shape: Shape, strides: ReadonlyArray<number>): Int32Array => {
  const offsets = new Int32Array(sizeOf(shape))
  walk(shape, [strides], (k, [o]) => {
    offsets[k] = o!
  })
  return offsets
}
