/** Points: rows of numbers, as a user may hold them. */
import { ArgumentError, ShapeError } from "../../errors.ts"
import { showShape, sizeOf } from "../../graph/shape.ts"
import type { NDArray, TypedArray } from "../../graph/types.ts"
import { hostValues, shapeOf } from "../../trace/tensor.ts"

/** Points, one a row: nested arrays, or an array of shape [n, d]. */
export type Points = NDArray | ReadonlyArray<ReadonlyArray<number>>

/** One vector for all, or one a row. */
export type Contexts = Points | TypedArray | ReadonlyArray<number>

/** A table of finite numbers, [rows, width]. */
export interface Table {
  readonly rows: number
  readonly width: number
  readonly data: Float64Array
}

const finite = (argument: string, table: Table): Table => {
  const bad = table.data.findIndex((x) => !Number.isFinite(x))
  if (bad < 0) return table
  throw new ArgumentError({
    argument,
    expected: "finite numbers",
    received: `${table.data[bad]} in row ${Math.floor(bad / table.width)}, column ${bad % table.width}`,
    remedy: "Leave the row out."
  })
}

const numbersOf = (argument: string, values: Contexts): { readonly shape: ReadonlyArray<number>; readonly data: TypedArray } => {
  const shape = shapeOf(values)
  const data = hostValues(values)!
  if (data.length === sizeOf(shape)) return { shape, data }
  throw new ShapeError({ where: argument, expected: `${showShape(shape)} as it says`, received: `${data.length} numbers` })
}

/** The points as a table of their own; errors name `argument`. */
export const tableOf = (argument: string, points: Points): Table => {
  const { shape, data } = numbersOf(argument, points)
  const [rows, width] = shape
  if (rows === 0 || width === 0) {
    throw new ArgumentError({ argument, expected: "at least one row, of at least one number", received: showShape(shape) })
  }
  if (shape.length !== 2) {
    throw new ShapeError({
      where: argument,
      expected: "[n, d], a row a point",
      received: showShape(shape),
      remedy: "Points on a line are rows of one number: [[x], …]."
    })
  }
  return finite(argument, { rows: rows!, width: width!, data: Float64Array.from(data) })
}

/** The same, held to a width. */
export const tableOfWidth = (argument: string, points: Points, width: number): Table => {
  const table = tableOf(argument, points)
  if (table.width === width) return table
  throw new ShapeError({ where: argument, expected: `[n, ${width}]`, received: showShape([table.rows, table.width]) })
}

/** A vector for all rows as a table of one row. */
export const vectorOf = (argument: string, values: Contexts): Table => {
  const { shape, data } = numbersOf(argument, values)
  if (shape.length !== 1) throw new ShapeError({ where: argument, expected: "a vector", received: showShape(shape) })
  return finite(argument, { rows: 1, width: data.length, data: Float64Array.from(data) })
}

/** Some of the rows. */
export const rowsOf = ({ width, data }: Table, rows: Int32Array): Table => {
  const taken = new Float64Array(rows.length * width)
  rows.forEach((row, i) => taken.set(data.subarray(row * width, (row + 1) * width), i * width))
  return { rows: rows.length, width, data: taken }
}

export const arrayOf = ({ rows, width, data }: Table): NDArray => ({ shape: [rows, width], data })
