import * as tf from "@tensorflow/tfjs-core"
import { positiveOrdered } from "../constraint/positiveOrdered.ts"
import type { Shape } from "../graph/types.ts"
import type { Bijector } from "./bijector.ts"
import { lastLength, lengthened } from "./lastAxis.ts"
import { euclidean, makeBijector } from "./make.ts"

/**
 * R^K onto the positive increasing vectors: yₖ = e^x₁ + … + e^xₖ along the last axis. log |det J| = Σ x.
 *
 * @see Stan Reference Manual, "Positive ordered vector".
 */
export const toPositiveOrdered = (shape: Shape): Bijector => {
  const K = lastLength("toPositiveOrdered.shape", shape)
  const pads = shape.map((_, i): [number, number] => [i === shape.length - 1 ? 1 : 0, 0])
  return makeBijector({
    name: "toPositiveOrdered",
    domain: euclidean(shape),
    codomain: { shape, constraint: positiveOrdered },
    forward: (x) => ({ value: tf.cumsum(tf.exp(x), shape.length - 1), logDet: tf.sum(x) }),
    inverse: (y) => {
      const before =
        K === 1
          ? tf.zerosLike(y)
          : tf.pad(
              tf.slice(
                y,
                shape.map(() => 0),
                [...lengthened(shape, -1)]
              ),
              pads
            )
      const x = tf.log(tf.sub(y, before))
      return { value: x, logDet: tf.neg(tf.sum(x)) }
    }
  })
}
