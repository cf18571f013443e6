/** Constraint: where a value may lie, and the bijection from R^n onto it. */
import type * as tf from "@tensorflow/tfjs-core"
import type { Bijector } from "../bijector/bijector.ts"
import type { Shape } from "../graph/types.ts"

export interface Constraint {
  /** The field's name with its parameters, for messages: `interval(0, 1)`, `simplex`. */
  readonly name: string
  readonly discrete: boolean
  /** Whether `values` (one event of `shape`, row-major) satisfies it; the reason when it does not. Host numbers, for data. */
  readonly violation: (values: ArrayLike<number>, shape: Shape) => string | undefined
  /**
   * The same of a tensor: where one event lies outside, as booleans that broadcast to it. False for NaN, which stays visible. Absent where
   * all numbers satisfy the constraint.
   */
  readonly outside?: (x: tf.Tensor) => tf.Tensor
  /**
   * The bijection from R^n onto the events of `shape` that satisfy the constraint; absent for discrete ones. On a manifold the
   * log-determinant is with respect to Lebesgue measure on the free coordinates.
   */
  readonly bijector?: (shape: Shape) => Bijector
  /**
   * Positions (row-major, in an event of `shape`) of the coordinates that determine the value: all of them, unless the constraint is a
   * manifold (a simplex's first K−1, a correlation factor's strict lower triangle).
   */
  readonly freeCoordinates: (shape: Shape) => ReadonlyArray<number>
}
