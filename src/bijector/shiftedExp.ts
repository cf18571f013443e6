import * as tf from "@tensorflow/tfjs-core"
import type { Constraint } from "../constraint/constraint.ts"
import type { Shape } from "../graph/types.ts"
import { asTensor, shapeOf, type Numeric } from "../trace/tensor.ts"
import type { Bijector } from "./bijector.ts"
import { checkBroadcast, euclidean, makeBijector } from "./make.ts"

/** y = bound + sign · eˣ by component: from R to one side of a bound. log |det J| = Σ x. */
export const shiftedExp = (shape: Shape, bound: Numeric, sign: 1 | -1, constraint: Constraint): Bijector => {
  checkBroadcast("shiftedExp.bound", shapeOf(bound), shape)
  return makeBijector({
    name: "shiftedExp",
    domain: euclidean(shape),
    codomain: { shape, constraint },
    forward: (x) => {
      const [b, distance] = [asTensor(bound), tf.exp(x)]
      return { value: sign === 1 ? tf.add(b, distance) : tf.sub(b, distance), logDet: tf.sum(x) }
    },
    inverse: (y) => {
      const b = asTensor(bound)
      const x = tf.log(sign === 1 ? tf.sub(y, b) : tf.sub(b, y))
      return { value: x, logDet: tf.neg(tf.sum(x)) }
    }
  })
}
