import * as tf from "@tensorflow/tfjs-core"
import { simplex } from "../constraint/simplex.ts"
import { sizeOf } from "../graph/shape.ts"
import type { NDArray, Shape } from "../graph/types.ts"
import { log } from "../special/index.ts"
import { asTensor, constant } from "../trace/tensor.ts"
import type { Bijector } from "./bijector.ts"
import { lastLength, lengthened } from "./lastAxis.ts"
import { euclidean, makeBijector } from "./make.ts"

/** [K−1, K]: orthonormal rows that sum to 0 (Helmert's). Row j has j + 1 equal entries, then one that balances them. */
const zeroSumBasis = (K: number): NDArray => ({
  shape: [K - 1, K],
  data: Float64Array.from({ length: (K - 1) * K }, (_, k) => {
    const [i, j] = [k % K, Math.floor(k / K)]
    return (i <= j ? 1 : i === j + 1 ? -i : 0) / Math.sqrt((j + 1) * (j + 2))
  })
})

/**
 * R^(K−1) onto the simplex of K shares by the inverse isometric log-ratio: y = softmax(x V), the rows of V an orthonormal basis of the vectors that
 * sum to 0. Symmetric in the shares, and 0 goes to the middle. With respect to Lebesgue measure on the first K−1 shares
 * log |det J| = Σ log yₖ + ½ log K.
 *
 * `shape` is the simplex's, [..., K]; each row of a larger array is a simplex.
 *
 * @see Egozcue et al. 2003, "Isometric logratio transformations for compositional data analysis"; Stan Reference Manual, "Unit simplex".
 */
export const toSimplex = (shape: Shape): Bijector => {
  const K = lastLength("toSimplex.shape", shape, 2)
  const rows = sizeOf(shape) / K
  const logDet = (logShares: tf.Tensor): tf.Tensor => tf.add(tf.sum(logShares), constant(0.5 * rows * log(K)))
  const free = lengthened(shape, -1)
  const basis = zeroSumBasis(K)
  return makeBijector({
    name: "toSimplex",
    domain: euclidean(free),
    codomain: { shape, constraint: simplex },
    forward: (x) => {
      const logShares = tf.logSoftmax(tf.reshape(tf.matMul(tf.reshape(x, [rows, K - 1]), asTensor(basis)), [...shape]))
      return { value: tf.exp(logShares), logDet: logDet(logShares) }
    },
    inverse: (y) => {
      const logShares = tf.log(y)
      const coordinates = tf.matMul(tf.reshape(logShares, [rows, K]), asTensor(basis), false, true)
      return { value: tf.reshape(coordinates, [...free]), logDet: tf.neg(logDet(logShares)) }
    }
  })
}
