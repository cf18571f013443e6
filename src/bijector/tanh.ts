import * as tf from "@tensorflow/tfjs-core"
import { interval } from "../constraint/interval.ts"
import type { Shape } from "../graph/types.ts"
import type { Bijector } from "./bijector.ts"
import { logSechSquared } from "./logSechSquared.ts"
import { euclidean, makeBijector } from "./make.ts"

/**
 * y = tanh x by component, from R to (−1, 1). The log-determinant is Σ log sech² x from x itself, finite however close to ±1 the value
 * is rounded; the inverse is ½ (log(1 + y) − log(1 − y)), whose two terms are its log-determinant too.
 */
export const tanh = (shape: Shape = []): Bijector =>
  makeBijector({
    name: "tanh",
    domain: euclidean(shape),
    codomain: { shape, constraint: interval(-1, 1) },
    forward: (x) => ({ value: tf.tanh(x), logDet: tf.sum(logSechSquared(x)) }),
    inverse: (y) => {
      const above = tf.log1p(y)
      const below = tf.log1p(tf.neg(y))
      return { value: tf.mul(tf.sub(above, below), 0.5), logDet: tf.neg(tf.sum(tf.add(above, below))) }
    }
  })
