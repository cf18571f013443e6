/** Shapes of events that are vectors along the last axis. */
import { ShapeError } from "../errors.ts"
import { showShape } from "../graph/shape.ts"
import type { Shape } from "../graph/types.ts"

/** The length of the last axis, checked to be at least `least`. */
export const lastLength = (where: string, shape: Shape, least = 1): number => {
  const length = shape.at(-1)
  if (length === undefined || length < least) {
    throw new ShapeError({ where, expected: `[..., K] with K ≥ ${least}`, received: showShape(shape) })
  }
  return length
}

/** The n of a shape [..., n, n]. */
export const squareLength = (where: string, shape: Shape, least = 1): number => {
  const n = shape.at(-1)
  if (n === undefined || n < least || shape.at(-2) !== n) {
    throw new ShapeError({ where, expected: `[..., n, n] with n ≥ ${least}`, received: showShape(shape) })
  }
  return n
}

/** `shape` with `by` more along the last axis. */
export const lengthened = (shape: Shape, by: number): Shape => [...shape.slice(0, -1), shape.at(-1)! + by]
