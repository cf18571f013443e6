import * as tf from "@tensorflow/tfjs-core"
import { positive, simplex } from "../constraint/index.ts"
import { ShapeError } from "../errors.ts"
import { lgamma } from "../math/index.ts"
import { asTensor } from "../trace/tensor.ts"
import type { Numeric } from "../trace/tensor.ts"
import type { Distribution } from "./distribution.ts"
import { logGammaDraw, positiveExp } from "./gammaDraw.ts"
import { negativeInfinity, xlogy } from "./logarithms.ts"
import { asEvent, eventShapeOf } from "./parameters.ts"

/** How far from 1 the sum of a simplex may be: it is rounded when the value is stored in float32, component by component. */
const tolerance = (components: number): number => components * 2 ** -20

/**
 * The Dirichlet distribution on the simplex: p(x) = Γ(Σαₖ) ∏ xₖ^(αₖ−1) / Γ(αₖ), with respect to the first K − 1 components.
 *
 * Event shape: that of `concentration`, [K] or rows of it. A draw is G / ΣG with gamma draws, formed in log space.
 *
 * @throws ArgumentError if a concentration is not positive; ShapeError if it is a scalar.
 */
export const Dirichlet = (concentration: Numeric): Distribution<"real"> => {
  const eventShape = eventShapeOf("Dirichlet", { concentration: [concentration, positive] })
  const components = eventShape.at(-1)
  if (components === undefined) {
    throw new ShapeError({ where: "Dirichlet.concentration", expected: "[K]", received: "[]", remedy: "Give one concentration per component." })
  }
  return {
    name: "Dirichlet",
    kind: "real",
    support: simplex,
    eventShape,
    logProb: (value) => {
      const x = asEvent("Dirichlet", eventShape, value)
      const alpha = asTensor(concentration)
      const gap = tf.abs(tf.sub(tf.sum(x, -1, true), 1))
      const out = tf.logicalOr(tf.less(x, 0), tf.greater(gap, tolerance(components)))
      const logKernel = tf.sub(xlogy(tf.sub(alpha, 1), tf.where(out, 0.5, x)), lgamma(alpha))
      return tf.add(tf.sum(tf.where(out, negativeInfinity(), logKernel)), tf.sum(lgamma(tf.sum(alpha, -1))))
    },
    sample: (noise) => {
      const logG = logGammaDraw(noise, eventShape, asTensor(concentration))
      return positiveExp(tf.sub(logG, tf.logSumExp(logG, -1, true)))
    }
  }
}
