import * as tf from "@tensorflow/tfjs-core"
import type { Bijector } from "./bijector.ts"
import { checkBroadcast, euclidean, makeBijector } from "./make.ts"

export interface ScaleShift {
  readonly shift: tf.Tensor
  readonly logScale: tf.Tensor
}

/** y = shift + e^logScale · x by component, parameterised as a network gives it; log |det J| = Σ logScale. Both have the values' shape. */
export const scaleShift = ({ shift, logScale }: ScaleShift): Bijector => {
  const space = euclidean(logScale.shape)
  checkBroadcast("scaleShift.shift", shift.shape, space.shape)
  return makeBijector({
    name: "scaleShift",
    domain: space,
    codomain: space,
    forward: (x) => ({ value: tf.add(tf.mul(x, tf.exp(logScale)), shift), logDet: tf.sum(logScale) }),
    inverse: (y) => ({ value: tf.mul(tf.sub(y, shift), tf.exp(tf.neg(logScale))), logDet: tf.neg(tf.sum(logScale)) })
  })
}
