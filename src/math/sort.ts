import type * as tf from "@tensorflow/tfjs-core"
import { operation } from "../trace/operation.ts"
import type { Numeric } from "../trace/tensor.ts"
import { asTensor } from "../trace/tensor.ts"

/** Ascending along the last axis. The gradient of a sorted element goes to where it came from. */
export const sort = (x: Numeric): tf.Tensor => operation("sort", [asTensor(x)])
