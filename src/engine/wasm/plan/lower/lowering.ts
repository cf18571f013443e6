/** What the rules of lowering work with. */
import type { Attributes, DType, Graph, Shape } from "../../../../graph/types.ts"
import type { Computation, Lowered, Operand } from "../computation.ts"
import { isFill } from "../computation.ts"
import type { View } from "../view.ts"

/** What a value from outside comes in: the one or, for each element of its tiny last dimension, a piece, with its dimensions in an order. */
export interface Feed {
  readonly orders: ReadonlyArray<ReadonlyArray<number>>
}

export interface Lowering {
  readonly emit: (c: Omit<Computation, "origin">) => View
  readonly computation: (value: number) => Computation
  readonly dtypeOf: (o: Operand) => DType
  /** The operand as a dense value of a dtype. */
  readonly dense: (o: Operand, shape: Shape, dtype: DType) => View
  /** Lowers the body of a scan, from inputs that are fed to a result that stands in an order. */
  readonly nested: (
    body: Graph,
    next: number,
    inputs: ReadonlyArray<number>,
    feeds: ReadonlyArray<Feed>,
    order: ReadonlyArray<number>
  ) => Lowered
  /** The dtype that nodes of a dtype are computed in. */
  readonly realised: (dtype: DType) => DType
  /** Rectified values, by what they were before. */
  readonly rectified: Map<number, View>
  /** Fewer elements are not worth a piece of their own. */
  readonly leastPiece: number
  /** What scans begin with, its dimensions in order. */
  readonly firsts: Map<number, Operand>
}

/** One node, its operands lowered. */
export interface Call {
  readonly op: string
  readonly attributes: Attributes
  readonly operands: ReadonlyArray<Operand>
  readonly shapes: ReadonlyArray<Shape>
  readonly shape: Shape
  readonly dtype: DType
}

export type Rule = (call: Call, l: Lowering) => Operand

/** Operand `k` as a view of values of a dtype. */
export const asView = (call: Call, k: number, dtype: DType, l: Lowering): View => {
  const o = call.operands[k]!
  return isFill(o) || l.dtypeOf(o) !== dtype ? l.dense(o, call.shapes[k]!, dtype) : o
}
