import * as tf from "@tensorflow/tfjs-core"
import { lowerCholesky } from "../constraint/lowerCholesky.ts"
import type { Shape } from "../graph/types.ts"
import type { Bijector } from "./bijector.ts"
import { squareLength } from "./lastAxis.ts"
import { euclidean, makeBijector } from "./make.ts"
import { fromMatrix, lowerTriangle, toMatrix } from "./triangle.ts"

/**
 * R^(n(n+1)/2), the lower triangle in row-major order, onto the lower triangular matrices with a positive diagonal: the diagonal is
 * exponentiated. log |det J| = Σ of the diagonal's x. `shape` is [..., n, n].
 *
 * @see Stan Reference Manual, "Cholesky factors of covariance matrices".
 */
export const toLowerCholesky = (shape: Shape): Bijector => {
  const n = squareLength("toLowerCholesky.shape", shape)
  const triangle = lowerTriangle(n)
  const diagonal = (): tf.Tensor => tf.tensor1d(triangle.positions.map((p) => (p % (n + 1) === 0 ? 1 : 0)))
  return makeBijector({
    name: "toLowerCholesky",
    domain: euclidean([...shape.slice(0, -2), triangle.positions.length]),
    codomain: { shape, constraint: lowerCholesky },
    forward: (x) => {
      const onDiagonal = diagonal()
      const logs = tf.mul(x, onDiagonal)
      return { value: toMatrix(tf.where(tf.cast(onDiagonal, "bool"), tf.exp(logs), x), triangle), logDet: tf.sum(logs) }
    },
    inverse: (L) => {
      const y = fromMatrix(L, triangle)
      const onDiagonal = tf.cast(diagonal(), "bool")
      const logs = tf.log(tf.where(onDiagonal, y, tf.onesLike(y)))
      return { value: tf.where(onDiagonal, logs, y), logDet: tf.neg(tf.sum(logs)) }
    }
  })
}
