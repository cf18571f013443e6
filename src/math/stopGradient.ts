import type * as tf from "@tensorflow/tfjs-core"
import { operation } from "../trace/operation.ts"

/** x itself, through which no gradient passes. */
export const stopGradient = (x: tf.Tensor): tf.Tensor => operation("stopGradient", [x])
