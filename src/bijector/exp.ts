import * as tf from "@tensorflow/tfjs-core"
import { positive } from "../constraint/positive.ts"
import type { Shape } from "../graph/types.ts"
import type { Bijector } from "./bijector.ts"
import { euclidean, makeBijector } from "./make.ts"

/** y = eˣ by component, from R to the positive numbers. log |det J| = Σ x. */
export const exp = (shape: Shape = []): Bijector =>
  makeBijector({
    name: "exp",
    domain: euclidean(shape),
    codomain: { shape, constraint: positive },
    forward: (x) => ({ value: tf.exp(x), logDet: tf.sum(x) }),
    inverse: (y) => {
      const x = tf.log(y)
      return { value: x, logDet: tf.neg(tf.sum(x)) }
    }
  })
