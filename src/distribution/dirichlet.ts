import * as tf from "@tensorflow/tfjs-core"
import { positive, simplex } from "../constraint/index.ts"
import { ShapeError } from "../errors.ts"
import { asTensor, constant } from "../trace/tensor.ts"
import { sizeOf } from "../graph/shape.ts"
import type { Numeric } from "../trace/tensor.ts"
import type { Distribution } from "./distribution.ts"
import { logGammaDraw, aboveZero } from "./gammaDraw.ts"
import { HALF_LOG_TWO_PI, negativeInfinity } from "./logarithms.ts"
import { asEvent, eventShapeOf } from "./parameters.ts"
import { deviance, stirlingError } from "./stirling.ts"

/**
 * The Dirichlet distribution on the simplex: p(x) = Γ(Σαₖ) ∏ xₖ^(αₖ−1) / Γ(αₖ), with respect to the first K − 1 components.
 *
 * Event shape: that of `concentration`, [K] or rows of it. A draw is G / ΣG with gamma draws, formed in log space.
 *
 * @throws ArgumentError if a concentration is not positive; ShapeError if it is a scalar.
 */
export const Dirichlet = (concentration: Numeric): Distribution<"real"> => {
  const eventShape = eventShapeOf("Dirichlet", { concentration: [concentration, positive] })
  if (eventShape.length === 0) {
    throw new ShapeError({
      where: "Dirichlet.concentration",
      expected: "[K]",
      received: "[]",
      remedy: "Give one concentration per component."
    })
  }
  return {
    name: "Dirichlet",
    kind: "real",
    support: simplex,
    eventShape,
    logProb: (value) => {
      const x = asEvent("Dirichlet", eventShape, value)
      const alpha = asTensor(concentration)
      const out = simplex.outside!(x)
      // 0 log 0 = 0 where αₖ = 1
      const inner = tf.where(tf.logicalOr(out, tf.logicalAnd(tf.equal(x, 0), tf.equal(alpha, 1))), 1, x)
      const total = tf.sum(alpha, -1, true)
      const stirling = (a: tf.Tensor): tf.Tensor => tf.sub(tf.mul(0.5, tf.log(a)), stirlingError(a))
      const kernel = tf.sub(stirling(alpha), tf.add(deviance(alpha, tf.mul(total, inner)), tf.log(inner)))
      const rows = tf.sub(tf.mul(total, tf.sub(tf.sum(inner, -1, true), 1)), stirling(total))
      const logRoot = constant((sizeOf(eventShape) - sizeOf(eventShape.slice(0, -1))) * HALF_LOG_TWO_PI)
      return tf.sub(tf.add(tf.sum(tf.where(out, negativeInfinity(), kernel)), tf.sum(rows)), logRoot)
    },
    sample: (noise) => aboveZero(tf.softmax(logGammaDraw(noise, eventShape, asTensor(concentration))))
  }
}
