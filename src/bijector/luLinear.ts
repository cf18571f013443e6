import * as tf from "@tensorflow/tfjs-core"
import { ShapeError } from "../errors.ts"
import { showShape } from "../graph/shape.ts"
import { triangularSolve } from "../math/index.ts"
import { asTensor, shapeOf, type Numeric } from "../trace/tensor.ts"
import type { Bijector } from "./bijector.ts"
import { compose } from "./compose.ts"
import { euclidean, makeBijector } from "./make.ts"
import { permutation } from "./permutation.ts"
import { diagonalOf } from "./triangle.ts"

export interface LUFactors {
  /** yᵢ = (L U x)[indices[i]]; each of 0 … d−1 once. */
  readonly indices: ReadonlyArray<number>
  /** L [d, d], lower triangular with 1 on its diagonal. */
  readonly lower: Numeric
  /** U [d, d], upper triangular without 0 on its diagonal. */
  readonly upper: Numeric
}

/**
 * y = P L U x on vectors: any invertible linear map by its factors, whose log |det J| = Σ log |Uᵢᵢ|. The inverse is two substitutions.
 *
 * @see Kingma & Dhariwal 2018, "Glow", section 3.2; Oliva et al. 2018, "Transformation Autoregressive Networks".
 */
export const luLinear = ({ indices, lower, upper }: LUFactors): Bijector => {
  const d = indices.length
  for (const [where, factor] of [
    ["luLinear.lower", lower],
    ["luLinear.upper", upper]
  ] as const) {
    const [rows, columns, ...more] = shapeOf(factor)
    if (rows !== d || columns !== d || more.length > 0) {
      throw new ShapeError({ where, expected: `[${d}, ${d}], to fit the ${d} indices`, received: showShape(shapeOf(factor)) })
    }
  }
  const logDet = (U: tf.Tensor): tf.Tensor => tf.sum(tf.log(tf.abs(diagonalOf(U))))
  const factors = makeBijector({
    name: "luLinear",
    domain: euclidean([d]),
    codomain: euclidean([d]),
    forward: (x) => {
      const U = asTensor(upper)
      return { value: tf.dot(asTensor(lower), tf.dot(U, x)), logDet: logDet(U) }
    },
    inverse: (y) => {
      const U = asTensor(upper)
      const Ux = triangularSolve(asTensor(lower), tf.reshape(y, [d, 1]))
      return { value: tf.reshape(triangularSolve(tf.transpose(U), Ux, { transpose: true }), [d]), logDet: tf.neg(logDet(U)) }
    }
  })
  return { ...compose(factors, permutation(indices)), name: "luLinear" }
}
