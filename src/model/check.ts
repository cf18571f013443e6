/** What is held of every site: its value has the shape of an event, its density is a scalar, its data lie in the support. */
import type * as tf from "@tensorflow/tfjs-core"
import type { Distribution } from "../distribution/distribution.ts"
import { sameShape, showShape, sizeOf } from "../graph/shape.ts"
import type { Shape, TypedArray } from "../graph/types.ts"

export const checkShape = ({ name, eventShape }: Distribution, value: tf.Tensor): void => {
  if (sameShape(eventShape, value.shape)) return
  const remedy = value.shape.length > eventShape.length ? " For independent rows, write a plate." : ""
  throw new Error(`its value has shape ${showShape(value.shape)}, but one event of ${name} has shape ${showShape(eventShape)}.${remedy}`)
}

/** A value given from outside of plates: a row for each of theirs. */
export const checkGiven = (
  value: tf.Tensor,
  plates: ReadonlyArray<{ readonly name: string; readonly size: number }>,
  eventShape: Shape
): void => {
  const expected = [...plates.map(({ size }) => size), ...eventShape]
  if (sameShape(expected, value.shape)) return
  const within =
    plates.length === 0 ? "" : ` (a row for each of ${plates.map(({ name, size }) => `the ${size} of plate "${name}"`).join(" and ")})`
  throw new Error(`the value given to it has shape ${showShape(value.shape)}, expected ${showShape(expected)}${within}`)
}

export const checkScalar = (logDensity: tf.Tensor, what: string): void => {
  if (logDensity.shape.length > 0) {
    throw new Error(`${what} has shape ${showShape(logDensity.shape)}, but that of one draw must be a scalar: is a plate or a sum missing?`)
  }
}

/** An axis that the rows of data stand along. */
export interface RowAxis {
  readonly name: string
  readonly size: number
}

const rowLabel = (row: number, axes: ReadonlyArray<RowAxis>): string => {
  let rest = row
  const indices = axes
    .map(({ size }) => size)
    .reduceRight<Array<number>>((known, size) => {
      known.unshift(rest % size)
      rest = Math.floor(rest / size)
      return known
    }, [])
  return axes.map(({ name }, i) => ` in row ${indices[i]} of "${name}"`).join("")
}

const show = (event: ArrayLike<number>): string =>
  event.length === 1 ? String(event[0]) : `[${Array.from(event).slice(0, 8).join(", ")}${event.length > 8 ? ", …" : ""}]`

/** Data (events one after the other, along the axes) that are not numbers or lie outside the support; rows that are not counted are left out. */
export const checkData = (
  distribution: Distribution,
  data: TypedArray,
  axes: ReadonlyArray<RowAxis>,
  isCounted: (row: number) => boolean
): void => {
  const { eventShape, support } = distribution
  const length = sizeOf(eventShape)
  if (length === 0) return
  for (let row = 0; row * length < data.length; row++) {
    if (!isCounted(row)) continue
    const event = data.subarray(row * length, (row + 1) * length)
    if (event.some(Number.isNaN)) {
      throw new Error(`its data are NaN${rowLabel(row, axes)}. Leave the row out, mask it, or give no value, to have it drawn.`)
    }
    const reason = support.violation(event, eventShape)
    if (reason !== undefined) {
      throw new Error(
        `its data ${show(event)}${rowLabel(row, axes)} lie outside the support of ${distribution.name}, ${support.name}: ${reason}`
      )
    }
  }
}
