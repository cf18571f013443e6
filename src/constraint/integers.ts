/** Constraints on integers: supports of discrete distributions, without a bijection. */
import * as tf from "@tensorflow/tfjs-core"
import { ArgumentError } from "../errors.ts"
import type { Numeric } from "../trace/tensor.ts"
import { asTensor, hostValues } from "../trace/tensor.ts"
import { boundAt, showBound } from "./bounds.ts"
import type { Constraint } from "./constraint.ts"
import { elementwise } from "./elements.ts"

const notInteger = (x: tf.Tensor): tf.Tensor => tf.greater(x, tf.floor(x))

/** 0 or 1. */
export const boolean: Constraint = elementwise(
  "boolean",
  () => (value) => (value === 0 || value === 1 ? undefined : "is neither 0 nor 1"),
  {
    outside: (x) => tf.logicalOr(notInteger(x), tf.logicalOr(tf.less(x, 0), tf.greater(x, 1)))
  }
)

/** 0, 1, 2, … */
export const nonnegativeInteger: Constraint = elementwise(
  "nonnegativeInteger",
  () => (value) => (Number.isInteger(value) && value >= 0 ? undefined : "is not a nonnegative integer"),
  { outside: (x) => tf.logicalOr(notInteger(x), tf.less(x, 0)) }
)

/** The integers from `lower` to `upper`, both included. The bounds broadcast to the event and may be tensors. */
export const integerInterval = (lower: Numeric, upper: Numeric): Constraint => {
  for (const [argument, bound] of [
    ["integerInterval.lower", lower],
    ["integerInterval.upper", upper]
  ] as const) {
    const bad = hostValues(bound)?.find((b) => !Number.isInteger(b))
    if (bad !== undefined) throw new ArgumentError({ argument, expected: "integers", received: String(bad) })
  }
  return elementwise(
    `integerInterval(${showBound(lower)}, ${showBound(upper)})`,
    (event) => {
      const [lowerAt, upperAt] = [boundAt(lower, event), boundAt(upper, event)]
      return (value, index) => {
        const [low, high] = [lowerAt(index), upperAt(index)]
        return !Number.isInteger(value) || value < (low ?? -Infinity) || value > (high ?? Infinity)
          ? `is not an integer from ${low ?? "…"} to ${high ?? "…"}`
          : undefined
      }
    },
    {
      outside: (x) => tf.logicalOr(notInteger(x), tf.logicalOr(tf.less(x, asTensor(lower)), tf.greater(x, asTensor(upper))))
    }
  )
}
