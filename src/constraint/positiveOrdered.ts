import * as tf from "@tensorflow/tfjs-core"
import { toPositiveOrdered } from "../bijector/toPositiveOrdered.ts"
import type { Constraint } from "./constraint.ts"
import { allCoordinates, firstViolation } from "./elements.ts"
import { notIncreasing, outOfOrder } from "./ordered.ts"

/** Vectors of positive numbers that increase along the last axis. */
export const positiveOrdered: Constraint = {
  name: "positiveOrdered",
  discrete: false,
  violation: (values, shape) =>
    firstViolation(values, shape, (value) => (value > 0 ? undefined : "is not positive")) ?? notIncreasing(values, shape),
  outside: (x) => tf.logicalOr(tf.lessEqual(x, 0), outOfOrder(x)),
  bijector: (shape) => toPositiveOrdered(shape),
  freeCoordinates: allCoordinates
}
