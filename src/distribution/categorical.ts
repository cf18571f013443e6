import * as tf from "@tensorflow/tfjs-core"
import { integerInterval } from "../constraint/index.ts"
import { ArgumentError, ShapeError } from "../errors.ts"
import { range } from "../graph/shape.ts"
import { asTensor, hostValues, shapeOf } from "../trace/tensor.ts"
import type { Numeric } from "../trace/tensor.ts"
import type { Distribution } from "./distribution.ts"
import { negativeInfinity } from "./logarithms.ts"
import { asEvent } from "./parameters.ts"

/**
 * The categorical distribution over 0, …, K − 1: p(k) = softmax(logits)ₖ. A logit of −∞ forbids a category.
 *
 * Event shape: that of `logits` [K] or [rows, K] without its last dimension. A draw is the largest of logits + Gumbel noise.
 *
 * @throws ArgumentError if a logit is NaN or +∞; ShapeError if `logits` is a scalar.
 */
export const Categorical = (logits: Numeric): Distribution<"integer"> => {
  const shape = shapeOf(logits)
  const categories = shape.at(-1)
  if (categories === undefined) throw new ShapeError({ where: "Categorical.logits", expected: "[K]", received: "[]" })
  const invalid = hostValues(logits)?.find((l: number) => !(l < Infinity))
  if (invalid !== undefined)
    throw new ArgumentError({ argument: "Categorical.logits", expected: "finite numbers or −∞", received: String(invalid) })
  const eventShape = shape.slice(0, -1)
  const indices = (): tf.Tensor => tf.tensor1d(range(categories))
  return {
    name: "Categorical",
    kind: "integer",
    support: integerInterval(0, categories - 1),
    eventShape,
    logProb: (value) => {
      const x = asEvent("Categorical", eventShape, value)
      const l = asTensor(logits)
      const logP = tf.sub(l, tf.logSumExp(l, -1, true))
      const chosen = tf.equal(tf.expandDims(x, -1), indices())
      // −∞ for what is no category, NaN for NaN
      const impossible = tf.mul(negativeInfinity(), tf.add(tf.square(x), 1))
      return tf.sum(tf.where(tf.any(chosen, -1), tf.sum(tf.where(chosen, logP, 0), -1), impossible))
    },
    sample: (noise) => {
      const score = tf.sub(asTensor(logits), tf.log(tf.neg(tf.log(noise.uniform(shape)))))
      const best = tf.equal(score, tf.max(score, -1, true))
      return tf.cast(tf.min(tf.where(best, indices(), categories - 1), -1), "int32")
    }
  }
}
