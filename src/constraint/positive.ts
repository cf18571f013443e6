import * as tf from "@tensorflow/tfjs-core"
import { exp } from "../bijector/exp.ts"
import type { Constraint } from "./constraint.ts"
import { elementwise } from "./elements.ts"

/** Numbers above 0, as eˣ. */
export const positive: Constraint = elementwise(
  "positive",
  () => (value) => (value > 0 && value < Infinity ? undefined : "is not positive"),
  { outside: (x) => tf.lessEqual(x, 0), bijector: (shape) => exp(shape) }
)
