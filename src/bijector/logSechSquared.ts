import * as tf from "@tensorflow/tfjs-core"
import { constant } from "../trace/tensor.ts"

/** log(1 − tanh² x) = 2 (log 2 − x − softplus(−2x)), the log-slope of tanh, without forming 1 − tanh² x. */
export const logSechSquared = (x: tf.Tensor): tf.Tensor => tf.mul(tf.sub(tf.sub(constant(Math.LN2), x), tf.softplus(tf.mul(x, -2))), 2)
