import { toOrdered } from "../bijector/toOrdered.ts"
import type { Shape } from "../graph/types.ts"
import type { Constraint } from "./constraint.ts"
import { allCoordinates, firstViolation } from "./elements.ts"

/** The first component that does not exceed the one before it in its row. */
export const notIncreasing = (values: ArrayLike<number>, shape: Shape): string | undefined =>
  firstViolation(values, shape, (value, i) => {
    if (!Number.isFinite(value)) return "is not finite"
    return i % (shape.at(-1) ?? 1) !== 0 && value <= values[i - 1]! ? `is not above ${values[i - 1]}, which stands before it` : undefined
  })

/** Vectors that increase along the last axis. */
export const ordered: Constraint = {
  name: "ordered",
  discrete: false,
  violation: notIncreasing,
  bijector: (shape) => toOrdered(shape),
  freeCoordinates: allCoordinates
}
