/** The data of a plate or a chain: columns with equal leading lengths, one column, equal records, or a size. */
import * as tf from "@tensorflow/tfjs-core"
import { shapeOf, type Numeric } from "../trace/tensor.ts"
import { showShape } from "../graph/shape.ts"
import type { Row } from "./request.ts"
import { isValue, toTensor } from "./value.ts"

/** A column: a value with a leading axis, one entry a row. */
export type Column = Exclude<Numeric, number | boolean>
type Cell = Numeric | undefined

export type Rows = number | Column | ReadonlyArray<object> | object

/** What the body sees of one row: a tensor a column; the row's index when only a size is given. */
export type RowOf<D> = D extends number | Column
  ? tf.Tensor
  : D extends ReadonlyArray<infer Record>
    ? { readonly [K in keyof Record]: CellOf<Record[K]> }
    : { readonly [K in keyof D]: CellOf<D[K]> }
type CellOf<C> = [C] extends [undefined]
  ? undefined
  : [C] extends [Numeric | undefined]
    ? undefined extends C
      ? tf.Tensor | undefined
      : tf.Tensor
    : { readonly "this is no column": C }

/** The columns (absent ones left out) and how many rows they have. */
export interface Table {
  readonly kind: "columns" | "column" | "size"
  readonly size: number
  readonly columns: Readonly<Record<string, tf.Tensor>>
}

const rowIndices = (size: number): tf.Tensor => tf.range(0, size, 1, "int32")

const only = "#"

/** A row of a table, from what `enter` makes of a column. */
export const rowThrough = ({ kind, columns }: Table, enter: (column: tf.Tensor, key: string) => tf.Tensor): Row =>
  kind === "columns"
    ? Object.fromEntries(Object.entries(columns).map(([key, column]) => [key, enter(column, key)]))
    : enter(columns[only]!, only)

const checkSize = (size: number): number => {
  if (size === 0) throw new Error("has no rows: give at least one")
  if (!Number.isInteger(size) || size < 0) throw new Error(`expected a whole number of rows, got ${size}`)
  return size
}

const column = (value: unknown, label: string): tf.Tensor => {
  if (!isValue(value) || typeof value === "number") {
    const got =
      typeof value === "number"
        ? `the number ${value}`
        : value === null
          ? "null"
          : Array.isArray(value)
            ? "a mixed array"
            : `a ${typeof value}`
    throw new Error(`${label} must be an array or a tensor with an entry for each row, got ${got}`)
  }
  if (Array.isArray(value) && value.length === 0) throw new Error(`${label} has no rows: give at least one`)
  const tensor = toTensor(value, label)
  if (tensor.shape.length === 0) throw new Error(`${label} must have a leading axis, one entry a row, got a scalar`)
  return tensor
}

const fromColumns = (data: object): Table => {
  if (typeof data !== "object" || data === null)
    throw new Error(`its data must be named columns, equal records or a number of rows, got ${String(data)}`)
  const columns: Record<string, tf.Tensor> = {}
  for (const [name, value] of Object.entries(data)) if (value !== undefined) columns[name] = column(value, `column "${name}"`)
  const lengths = Object.entries(columns).map(([name, { shape }]) => [name, shape[0]!] as const)
  const first = lengths[0]
  if (first === undefined) throw new Error("has no columns; for rows without data, give their number")
  for (const [name, length] of lengths)
    if (length !== first[1])
      throw new Error(`its columns have different lengths: "${first[0]}" has ${first[1]} rows, "${name}" has ${length}`)
  return { kind: "columns", size: checkSize(first[1]), columns }
}

const isPlain = (cell: unknown): boolean =>
  typeof cell === "number" || typeof cell === "boolean" || (Array.isArray(cell) && cell.every(isPlain))

/** The columns of equal records: numbers and arrays are put together as host arrays, tensors by `tf.stack`. */
const fromRecords = (records: ReadonlyArray<Readonly<Record<string, Cell>>>): Table => {
  const named = (record: object) =>
    Object.keys(record)
      .filter((key) => (record as Record<string, Cell>)[key] !== undefined)
      .sort()
  const keys = named(records[0]!)
  records.forEach((record, i) => {
    if (typeof record !== "object" || record === null) throw new Error(`row ${i} must be a record, got ${String(record)}`)
    if (named(record).join() !== keys.join())
      throw new Error(`its records differ: row 0 has {${keys.join(", ")}}, row ${i} has {${named(record).join(", ")}}`)
  })
  const stacked = (key: string): Numeric => {
    const cells = records.map((record) => record[key] as Numeric)
    const shapes = cells.map((cell) => showShape(shapeOf(cell)))
    const odd = shapes.findIndex((shape) => shape !== shapes[0])
    if (odd >= 0) throw new Error(`column "${key}": row 0 has shape ${shapes[0]}, row ${odd} has ${shapes[odd]}`)
    return cells.every(isPlain) ? cells : tf.stack(cells.map((cell) => toTensor(cell)))
  }
  return fromColumns(Object.fromEntries(keys.map((key) => [key, stacked(key)])))
}

/** The table of a plate's data. Errors say what is wrong with which column. */
export const table = (data: Rows): Table => {
  if (typeof data === "number") return { kind: "size", size: checkSize(data), columns: { [only]: rowIndices(data) } }
  if (Array.isArray(data) && data.length === 0) throw new Error("has no rows: give at least one")
  if (isValue(data)) {
    const values = column(data, "its data")
    return { kind: "column", size: checkSize(values.shape[0]!), columns: { [only]: values } }
  }
  return Array.isArray(data) ? fromRecords(data) : fromColumns(data)
}
