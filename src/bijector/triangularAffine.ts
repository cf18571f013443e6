import * as tf from "@tensorflow/tfjs-core"
import { ArgumentError, ShapeError } from "../errors.ts"
import { showShape } from "../graph/shape.ts"
import { triangularSolve } from "../math/index.ts"
import { asTensor, hostValues, shapeOf, type Numeric } from "../trace/tensor.ts"
import type { Bijector } from "./bijector.ts"
import { euclidean, makeBijector } from "./make.ts"
import { diagonalOf } from "./triangle.ts"

/**
 * y = shift + L x on vectors, with `scaleTril` = L lower triangular and no 0 on its diagonal. log |det J| = Σ log |Lᵢᵢ|. The inverse is
 * a forward substitution. `shift` is [d] or a scalar, `scaleTril` [d, d].
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs-core"
 * import { triangularAffine } from "pushforward/bijectors"
 *
 * const scaleTril = [
 *   [2, 0],
 *   [1, 3]
 * ]
 * triangularAffine([0, 1], scaleTril).forward(tf.tensor([1, 1])).value.print() // [2, 5]
 * ```
 */
export const triangularAffine = (shift: Numeric, scaleTril: Numeric): Bijector => {
  const [d, columns, ...more] = shapeOf(scaleTril)
  if (d === undefined || d !== columns || more.length > 0) {
    throw new ShapeError({ where: "triangularAffine.scaleTril", expected: "[d, d]", received: showShape(shapeOf(scaleTril)) })
  }
  const [length = d, ...rest] = shapeOf(shift)
  if (length !== d || rest.length > 0) {
    throw new ShapeError({
      where: "triangularAffine.shift",
      expected: `[${d}], to fit scaleTril [${d}, ${d}]`,
      received: showShape(shapeOf(shift))
    })
  }
  hostValues(scaleTril)?.forEach((value, k) => {
    const [i, j] = [Math.floor(k / d), k % d]
    if (!Number.isFinite(value) || (i === j && value === 0) || (j > i && value !== 0)) {
      throw new ArgumentError({
        argument: "triangularAffine.scaleTril",
        expected: "a finite lower triangular matrix without 0 on its diagonal",
        received: `${value} in row ${i}, column ${j}`,
        remedy: j > i ? "A covariance is given by its Cholesky factor." : ""
      })
    }
  })
  const logDet = (L: tf.Tensor): tf.Tensor => tf.sum(tf.log(tf.abs(diagonalOf(L))))
  return makeBijector({
    name: "triangularAffine",
    domain: euclidean([d]),
    codomain: euclidean([d]),
    forward: (x) => {
      const L = asTensor(scaleTril)
      return { value: tf.add(tf.dot(L, x), asTensor(shift)), logDet: logDet(L) }
    },
    inverse: (y) => {
      const L = asTensor(scaleTril)
      const rhs = tf.reshape(tf.sub(y, asTensor(shift)), [d, 1])
      return { value: tf.reshape(triangularSolve(L, rhs), [d]), logDet: tf.neg(logDet(L)) }
    }
  })
}
