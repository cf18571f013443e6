import * as tf from "@tensorflow/tfjs-core"
import { exp } from "../bijector/exp.ts"
import type { Constraint } from "./constraint.ts"
import { elementwise } from "./elements.ts"

/** Numbers from 0 on. Its bijection is that of `positive`: it reaches all but the boundary. */
export const nonnegative: Constraint = elementwise(
  "nonnegative",
  () => (value) => (value >= 0 && value < Infinity ? undefined : "is negative or infinite"),
  { outside: (x) => tf.less(x, 0), bijector: (shape) => exp(shape) }
)
