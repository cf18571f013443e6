/** Broadcast and strided operands as a list of rows: what kernels loop over. */
import { offsetsOf } from "../shape.ts"
import type { Shape, TypedArray } from "../types.ts"

/** Each operand starts row r at `starts[r]` and goes on by `stride`; the rows follow each other in the result. */
export interface Operand {
  readonly starts: Int32Array
  readonly stride: number
}

export interface Rows {
  readonly count: number
  /** Elements of a row. */
  readonly length: number
  readonly operands: ReadonlyArray<Operand>
}

/** The longest rows along which every operand keeps one stride: dimensions that run on in all of them are merged. */
export const rowsOf = (shape: Shape, strides: ReadonlyArray<ReadonlyArray<number>>): Rows => {
  const dimensions: Array<{ size: number; strides: Array<number> }> = []
  shape.forEach((size, d) => {
    const own = strides.map((s) => s[d]!)
    const last = dimensions.at(-1)
    if (size === 1) return
    if (last !== undefined && last.strides.every((s, k) => s === own[k]! * size)) {
      last.size *= size
      last.strides = own
    } else dimensions.push({ size, strides: own })
  })
  const inner = dimensions.pop() ?? { size: 1, strides: strides.map(() => 0) }
  const outer = dimensions.map((d) => d.size)
  const operands = strides.map((_, k) => ({
    starts: offsetsOf(
      outer,
      dimensions.map((d) => d.strides[k]!)
    ),
    stride: inner.strides[k]!
  }))
  return { count: outer.reduce((n, d) => n * d, 1), length: inner.size, operands }
}

/** Copies one strided operand, its offsets moved on by `begin`, into a dense result. */
export const copyRows = ({ count, length, operands: [from] }: Rows, begin = 0): ((x: TypedArray, out: TypedArray) => void) => {
  const { starts, stride } = from!
  return (x, out) => {
    for (let r = 0, k = 0; r < count; r++) for (let e = 0, i = begin + starts[r]!; e < length; e++, i += stride) out[k++] = x[i]!
  }
}

/** The reverse: a dense input into a strided result. */
export const spreadRows = ({ count, length, operands: [to] }: Rows, begin = 0): ((x: TypedArray, out: TypedArray) => void) => {
  const { starts, stride } = to!
  return (x, out) => {
    for (let r = 0, k = 0; r < count; r++) for (let e = 0, i = begin + starts[r]!; e < length; e++, i += stride) out[i] = x[k++]!
  }
}
