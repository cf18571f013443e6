import * as tf from "@tensorflow/tfjs-core"
import { lowerCholesky, real } from "../constraint/index.ts"
import { ShapeError } from "../errors.ts"
import { showShape } from "../graph/shape.ts"
import { triangularSolve } from "../math/index.ts"
import { asTensor, constant, shapeOf } from "../trace/tensor.ts"
import type { Numeric } from "../trace/tensor.ts"
import type { Distribution } from "./distribution.ts"
import { HALF_LOG_TWO_PI } from "./logarithms.ts"
import { asEvent, checkParameter } from "./parameters.ts"

/**
 * The multivariate normal distribution by its Cholesky factor: x = loc + L z, z standard normal, L = `scaleTril` lower triangular with a
 * positive diagonal; the covariance is L Lᵀ.
 *
 * Event shape: [n], for `scaleTril` [n, n] and `loc` [n] or a scalar.
 *
 * @throws ArgumentError if `loc` is not finite or `scaleTril` not such a factor; ShapeError if they don't fit.
 */
export const MultivariateNormal = (loc: Numeric, scaleTril: Numeric): Distribution<"real"> => {
  const [n, columns, ...more] = shapeOf(scaleTril)
  if (n === undefined || columns !== n || more.length > 0) {
    throw new ShapeError({ where: "MultivariateNormal.scaleTril", expected: "[n, n]", received: showShape(shapeOf(scaleTril)) })
  }
  const [length = n, ...rest] = shapeOf(loc)
  if (length !== n || rest.length > 0) {
    throw new ShapeError({
      where: "MultivariateNormal.loc",
      expected: `[${n}], to fit scaleTril [${n}, ${n}]`,
      received: showShape(shapeOf(loc))
    })
  }
  checkParameter("MultivariateNormal", "loc", [loc, real])
  checkParameter("MultivariateNormal", "scaleTril", [scaleTril, lowerCholesky])
  return {
    name: "MultivariateNormal",
    kind: "real",
    support: real,
    eventShape: [n],
    logProb: (value) => {
      const factor = asTensor(scaleTril)
      const centred = tf.sub(asEvent("MultivariateNormal", [n], value), asTensor(loc))
      const z = triangularSolve(factor, tf.reshape(centred, [n, 1]))
      const logDet = tf.sum(tf.log(tf.sum(tf.mul(factor, tf.eye(n)), 1)))
      return tf.sub(tf.mul(-0.5, tf.sum(tf.square(z))), tf.add(logDet, constant(n * HALF_LOG_TWO_PI)))
    },
    sample: (noise) => tf.add(asTensor(loc), tf.dot(asTensor(scaleTril), noise.normal([n])))
  }
}
