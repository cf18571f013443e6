import * as tf from "@tensorflow/tfjs-core"
import { positive } from "../constraint/positive.ts"
import type { Shape } from "../graph/types.ts"
import type { Bijector } from "./bijector.ts"
import { euclidean, makeBijector } from "./make.ts"

/**
 * y = log(1 + eˣ) by component, from R to the positive numbers; linear above where `exp` explodes. log |det J| = −Σ softplus(−x). The
 * inverse is x = y + log(1 − e^−y), with `expm1` so that small values keep their digits.
 */
export const softplus = (shape: Shape = []): Bijector =>
  makeBijector({
    name: "softplus",
    domain: euclidean(shape),
    codomain: { shape, constraint: positive },
    forward: (x) => ({ value: tf.softplus(x), logDet: tf.neg(tf.sum(tf.softplus(tf.neg(x)))) }),
    inverse: (y) => {
      const logSlope = tf.log(tf.neg(tf.expm1(tf.neg(y))))
      return { value: tf.add(y, logSlope), logDet: tf.neg(tf.sum(logSlope)) }
    }
  })
