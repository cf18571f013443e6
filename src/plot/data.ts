/** What pictures are made of: numbers, and rows of them, held to what they must be. */
import { ArgumentError } from "../errors.ts"
import type { NDArray } from "../graph/types.ts"

/** Numbers in a row: an array, a typed array, or an NDArray of any shape. */
export type Values = ArrayLike<number> | NDArray

/** Points, one a row: nested arrays, or an NDArray `[n, d]`. */
export type Points = ReadonlyArray<ArrayLike<number>> | NDArray

/** From the least to the greatest. */
export type Extent = readonly [number, number]

const isNDArray = (input: object): input is NDArray => "data" in input && "shape" in input

/** A copy of the numbers. None at all, or one that is not finite, is an `ArgumentError` that names its place. */
export const numbers = (argument: string, input: Values): Float64Array => {
  const values = Float64Array.from(isNDArray(input) ? input.data : input)
  if (values.length === 0) throw new ArgumentError({ argument, expected: "one or more finite numbers", received: "none" })
  const bad = values.findIndex((x) => !Number.isFinite(x))
  if (bad >= 0) throw new ArgumentError({ argument: `${argument}[${bad}]`, expected: "a finite number", received: String(values[bad]) })
  return values
}

/** As many as are wanted, or an `ArgumentError`. */
export const matched = (argument: string, received: number, expected: number, of: string): void => {
  if (received !== expected)
    throw new ArgumentError({ argument, expected: `${expected} of them, one for each ${of}`, received: String(received) })
}

/** The columns of points. */
export interface Table {
  readonly count: number
  readonly columns: ReadonlyArray<Float64Array>
}

/** The columns of points: `width` of them where that is given, else as many as the first point has. */
export const columnsOf = (argument: string, input: Points, width?: number): Table => {
  const refuse = (at: string, expected: string, received: string): never => {
    throw new ArgumentError({ argument: argument + at, expected, received })
  }
  const [count = 0, size = 0] = isNDArray(input) ? input.shape : [input.length, input[0]?.length]
  if (count === 0) refuse("", "one or more points", "none")
  if (isNDArray(input) && (input.shape.length !== 2 || input.data.length !== count * size))
    refuse("", "an array of points [n, d]", `shape [${input.shape.join(", ")}] and ${input.data.length} numbers`)
  if (width !== undefined && size !== width) refuse("", `points of ${width} numbers`, `of ${size}`)
  const at = isNDArray(input) ? (i: number, j: number) => input.data[i * size + j]! : (i: number, j: number) => input[i]![j]!
  if (!isNDArray(input)) {
    const odd = input.findIndex((point) => point.length !== size)
    if (odd >= 0) refuse(`[${odd}]`, `a point of ${size} numbers, as the first`, String(input[odd]!.length))
  }
  const columns = Array.from({ length: size }, (_, j) => Float64Array.from({ length: count }, (__, i) => at(i, j)))
  for (const [j, column] of columns.entries()) {
    const bad = column.findIndex((x) => !Number.isFinite(x))
    if (bad >= 0) refuse(`[${bad}][${j}]`, "a finite number", String(column[bad]))
  }
  return { count, columns }
}

/** Entries of a record by name; none is an `ArgumentError`. */
export const named = <A>(argument: string, input: Readonly<Record<string, A>>): ReadonlyArray<readonly [string, A]> => {
  const entries = Object.entries(input)
  if (entries.length === 0) throw new ArgumentError({ argument, expected: "one or more, by name", received: "none" })
  return entries
}

/** Places of at most `most` of `count` things, evenly spread. */
export const thinned = (count: number, most: number): ReadonlyArray<number> => {
  const kept = Math.min(count, most)
  return Array.from({ length: kept }, (_, i) => Math.floor((i * count) / kept))
}

/** Whole numbers, each to another without order (Steele, Lea & Flood 2014, the finaliser of MurmurHash3). */
const hash = (n: number): number => {
  const once = Math.imul(n ^ (n >>> 16), 0x85ebca6b)
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35)
  return (twice ^ (twice >>> 16)) >>> 0
}

/** Places of at most `most` of `count` things, chosen without regard to any order that they are in, and always the same. */
export const scattered = (count: number, most: number): ReadonlyArray<number> => {
  const all = Array.from({ length: count }, (_, i) => i)
  if (count <= most) return all
  const keys = Uint32Array.from(all, (i) => hash(i + 1))
  return all
    .sort((a, b) => keys[a]! - keys[b]!)
    .slice(0, most)
    .sort((a, b) => a - b)
}

export const extentOf = (values: Iterable<number>): Extent => {
  let [from, to] = [Infinity, -Infinity]
  for (const x of values) {
    if (x < from) from = x
    if (x > to) to = x
  }
  return [from, to]
}

/** Wider by a share of itself on either side; one of no width becomes one about its value. */
export const widened = ([from, to]: Extent, share: number): Extent => {
  const margin = from === to ? 0.5 * Math.max(1, Math.abs(from)) : share * (to - from)
  return [from - margin, to + margin]
}

/** Places from the first to the last, evenly spaced. */
export const linspace = ([from, to]: Extent, count: number): ReadonlyArray<number> =>
  Array.from({ length: count }, (_, i) => from + ((to - from) * i) / Math.max(1, count - 1))
