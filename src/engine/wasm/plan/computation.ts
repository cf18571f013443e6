/** A program as values to compute, each from strided views of others. */
import type { Attributes, DType, Shape } from "../../../graph/types.ts"
import type { View } from "./view.ts"

/** One number wherever it is read. */
export interface Fill {
  readonly fill: number
  readonly dtype: DType
}

export type Operand = View | Fill

export const isFill = (o: Operand): o is Fill => "fill" in o

/** Where an operand of an assembled value goes. */
export interface Part {
  readonly begin: Shape
  readonly stride: Shape
  readonly size: Shape
}

/** Values are numbered by their place in the list; `shape` is dense. */
export interface Computation {
  readonly op: string
  readonly operands: ReadonlyArray<Operand>
  readonly attributes: Attributes
  readonly shape: Shape
  readonly dtype: DType
  readonly origin: string
}

export interface Lowered {
  readonly computations: ReadonlyArray<Computation>
  /** The value of each node that was asked for as an input; undefined where nothing depends on it. */
  readonly inputs: ReadonlyArray<number | undefined>
  readonly outputs: ReadonlyArray<number>
}

export const viewsOf = (c: Computation): ReadonlyArray<View> => c.operands.filter((o): o is View => !isFill(o))
