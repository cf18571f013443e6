import * as tf from "@tensorflow/tfjs-core"
import { expm1, log } from "../special/index.ts"
import { constant } from "../trace/tensor.ts"

/** The least slope. */
const floor = 1e-3

/** softplus(rawOfOne) + floor = 1 */
const rawOfOne = log(expm1(1 - floor))

/** A slope of any real number: a softplus that is 1 at 0 and never below 0.001. */
export const slopeOf = (raw: tf.Tensor): tf.Tensor => tf.add(tf.softplus(tf.add(raw, constant(rawOfOne))), floor)
