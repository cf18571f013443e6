import * as tf from "@tensorflow/tfjs-core"
import { sigmoid } from "../bijector/sigmoid.ts"
import { ArgumentError } from "../errors.ts"
import { broadcastShapes, sizeOf } from "../graph/shape.ts"
import { asTensor, shapeOf, type Numeric } from "../trace/tensor.ts"
import { boundAt, checkFinite, showBound } from "./bounds.ts"
import type { Constraint } from "./constraint.ts"
import { elementwise } from "./elements.ts"

/**
 * Numbers from `lower` to `upper`, by the logistic function. The bounds broadcast to the event and may be tensors, such as other latents.
 *
 * @example
 * ```ts
 * import { interval } from "pushforward/constraints"
 *
 * console.log(interval(0, 1).violation([0.5, 2], [2])) // "2 at [1] is not in [0, 1]"
 * ```
 */
export const interval = (lower: Numeric, upper: Numeric): Constraint => {
  checkFinite("interval.lower", lower)
  checkFinite("interval.upper", upper)
  const shape = broadcastShapes("interval: lower and upper", [shapeOf(lower), shapeOf(upper)])
  const [lowerAt, upperAt] = [boundAt(lower, shape), boundAt(upper, shape)]
  const name = `interval(${showBound(lower)}, ${showBound(upper)})`
  for (let i = 0; i < sizeOf(shape); i++) {
    if (lowerAt(i)! >= upperAt(i)!) {
      throw new ArgumentError({ argument: "interval.upper", expected: "above the lower bound", received: name })
    }
  }
  return elementwise(
    name,
    (event) => {
      const [low, high] = [boundAt(lower, event), boundAt(upper, event)]
      return (value, index) =>
        value < (low(index) ?? -Infinity) || value > (high(index) ?? Infinity)
          ? `is not in [${low(index) ?? "…"}, ${high(index) ?? "…"}]`
          : undefined
    },
    {
      outside: (x) => tf.logicalOr(tf.less(x, asTensor(lower)), tf.greater(x, asTensor(upper))),
      bijector: (event) => sigmoid(event, lower, upper)
    }
  )
}
