import * as tf from "@tensorflow/tfjs-core"
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

/** Whether a component of a row does not exceed the one before it. */
export const outOfOrder = (x: tf.Tensor): tf.Tensor => {
  const steps = (x.shape.at(-1) ?? 1) - 1
  const origin = x.shape.map(() => 0)
  const size = [...x.shape.slice(0, -1), steps]
  const next = tf.slice(x, [...origin.slice(0, -1), 1], size)
  return tf.any(tf.lessEqual(next, tf.slice(x, origin, size)), -1, true)
}

/** Vectors that increase along the last axis. */
export const ordered: Constraint = {
  name: "ordered",
  discrete: false,
  violation: notIncreasing,
  outside: outOfOrder,
  bijector: (shape) => toOrdered(shape),
  freeCoordinates: allCoordinates
}
