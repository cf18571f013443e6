import * as tf from "@tensorflow/tfjs-core"
import { asTensor, type Numeric } from "../trace/tensor.ts"

/** The mean of the first `count` of the rows [n, d]: [d]. The others count nothing, whatever they are. */
export const meanOfFirst = (rows: tf.Tensor, count: Numeric): tf.Tensor => {
  const [n = 0] = rows.shape
  const present = tf.less(tf.reshape(tf.range(0, n, 1), [n, 1]), asTensor(count))
  return tf.div(tf.sum(tf.where(present, rows, tf.zerosLike(rows)), 0), asTensor(count))
}
