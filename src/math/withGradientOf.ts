import type * as tf from "@tensorflow/tfjs-core"
import { operation } from "../trace/operation.ts"

/** `value`, whose gradient is that of `differentiated`. */
export const withGradientOf = (value: tf.Tensor, differentiated: tf.Tensor): tf.Tensor =>
  operation("withGradientOf", [value, differentiated])
