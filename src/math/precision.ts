/** The precision of single values, whatever that of the engine. */
import * as tf from "@tensorflow/tfjs-core"
import { cast, fill } from "../graph/bind.ts"
import { isRecording } from "../graph/recorder.ts"
import { inputFor, tensorOf, valueOf } from "../trace/backend.ts"
import type { Numeric } from "../trace/tensor.ts"
import { asTensor, hostValues, shapeOf } from "../trace/tensor.ts"

/**
 * x in double precision: what is computed from it is too, until `float32` or until it goes into something of a fixed float32 shape, such as a
 * parameter. For sums, differences and factorisations that cancel. Beside one float64 operand the others are cast to it; a gradient comes
 * back in the precision of what it belongs to. Numbers and arrays are taken as they are, a traced tensor with the digits that it has.
 *
 * Engines that compute in float64 throughout do so anyway; the tfjs engine has float32 only, and so has tfjs outside a model, where it is x.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs"
 * import { float32, float64 } from "pushforward/math"
 *
 * // log Σ exp(x) − log Σ exp(y) of two long vectors: float32 leaves few digits of the difference
 * const logRatio = (x: tf.Tensor, y: tf.Tensor) => float32(tf.sub(tf.logSumExp(float64(x)), tf.logSumExp(float64(y))))
 * logRatio(tf.tensor1d([1, 2]), tf.tensor1d([1, 2])).print() // 0
 * ```
 */
export const float64 = (x: Numeric): tf.Tensor => {
  if (!isRecording()) return asTensor(x)
  if (x instanceof tf.Tensor) return tensorOf(cast(valueOf(x), "f64"))
  if (typeof x === "number" || typeof x === "boolean") return tensorOf(fill(Number(x), [], "f64"))
  const numbers = hostValues(x)
  return numbers === undefined ? float64(asTensor(x)) : tensorOf(inputFor(x as object, "data", shapeOf(x), "f64", () => numbers))
}

/** x in the engine's own precision again, rounded to float32 where that is the engine's. */
export const float32 = (x: Numeric): tf.Tensor =>
  isRecording() && x instanceof tf.Tensor ? tensorOf(cast(valueOf(x), "f32")) : asTensor(x)
