import * as tf from "@tensorflow/tfjs-core"
import { shiftedExp } from "../bijector/shiftedExp.ts"
import { asTensor, type Numeric } from "../trace/tensor.ts"
import { boundAt, checkFinite, showBound } from "./bounds.ts"
import type { Constraint } from "./constraint.ts"
import { elementwise } from "./elements.ts"

/** Numbers above `lower`, as lower + eˣ. The bound broadcasts to the event and may be a tensor. */
export const greaterThan = (lower: Numeric): Constraint => {
  checkFinite("greaterThan.lower", lower)
  const constraint: Constraint = elementwise(
    `greaterThan(${showBound(lower)})`,
    (event) => {
      const boundOf = boundAt(lower, event)
      return (value, index) => {
        const low = boundOf(index)
        return value === Infinity || value <= (low ?? -Infinity) ? `is not above ${low ?? "the bound"}` : undefined
      }
    },
    { outside: (x) => tf.lessEqual(x, asTensor(lower)), bijector: (event) => shiftedExp(event, lower, 1, constraint) }
  )
  return constraint
}
