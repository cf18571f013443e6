import * as tf from "@tensorflow/tfjs-core"

/** Where `k` is not one of 0, 1, 2, …; false for NaN, which stays visible. */
export const notCount = (k: tf.Tensor): tf.Tensor => tf.logicalOr(tf.less(k, 0), tf.greater(k, tf.floor(k)))
