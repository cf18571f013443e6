import * as tf from "@tensorflow/tfjs-core"
import { shiftedExp } from "../bijector/shiftedExp.ts"
import { asTensor, type Numeric } from "../trace/tensor.ts"
import { boundAt, checkFinite, showBound } from "./bounds.ts"
import type { Constraint } from "./constraint.ts"
import { elementwise } from "./elements.ts"

/** Numbers below `upper`, as upper − eˣ. The bound broadcasts to the event and may be a tensor. */
export const lessThan = (upper: Numeric): Constraint => {
  checkFinite("lessThan.upper", upper)
  const constraint: Constraint = elementwise(
    `lessThan(${showBound(upper)})`,
    (event) => {
      const boundOf = boundAt(upper, event)
      return (value, index) => {
        const high = boundOf(index)
        return value === -Infinity || value >= (high ?? Infinity) ? `is not below ${high ?? "the bound"}` : undefined
      }
    },
    { outside: (x) => tf.greaterEqual(x, asTensor(upper)), bijector: (event) => shiftedExp(event, upper, -1, constraint) }
  )
  return constraint
}
