import * as tf from "@tensorflow/tfjs-core"
import { corrCholesky } from "../constraint/corrCholesky.ts"
import type { Shape } from "../graph/types.ts"
import type { Bijector } from "./bijector.ts"
import { squareLength } from "./lastAxis.ts"
import { logSechSquared } from "./logSechSquared.ts"
import { euclidean, makeBijector } from "./make.ts"
import { fromMatrix, maskOf, strictTriangle, toMatrix } from "./triangle.ts"

/** asinh t without an inverse hyperbolic kernel, exact in the sign and with slope 1 at 0. */
const asinh = (t: tf.Tensor): tf.Tensor => {
  const sign = tf.sub(tf.mul(tf.cast(tf.greaterEqual(t, 0), "float32"), 2), 1)
  const size = tf.mul(t, sign)
  const square = tf.square(size)
  return tf.mul(sign, tf.log1p(tf.add(size, tf.div(square, tf.add(tf.sqrt(tf.add(square, 1)), 1)))))
}

/**
 * R^(n(n−1)/2), the strict lower triangle in row-major order, onto the Cholesky factors of correlation matrices: z = tanh x are canonical
 * partial correlations, Lᵢⱼ = zᵢⱼ Πₖ₍ₖ₌₁…ⱼ₋₁₎ √(1 − zᵢₖ²), Lᵢᵢ the same product without z. With respect to Lebesgue measure on the strict
 * lower triangle log |det J| = Σ (1 + (i − j − 1) / 2) log(1 − zᵢⱼ²). Products are sums of log sech² x; the inverse is
 * sinh xᵢⱼ = Lᵢⱼ / √(Lᵢ,ⱼ₊₁² + … + Lᵢᵢ²), since rows have length 1: nothing is subtracted from 1. `shape` is [..., n, n].
 *
 * @see Lewandowski, Kurowicka & Joe 2009; Stan Reference Manual, "Cholesky factors of correlation matrices".
 */
export const toCorrCholesky = (shape: Shape): Bijector => {
  const n = squareLength("toCorrCholesky.shape", shape, 2)
  const triangle = strictTriangle(n)
  const weights = (): tf.Tensor => tf.tensor1d(triangle.positions.map((p) => 1 + (Math.floor(p / n) - (p % n) - 1) / 2))
  const logDet = (logSquares: tf.Tensor): tf.Tensor => tf.sum(tf.mul(logSquares, weights()))
  const flat = [shape.slice(0, -1).reduce((a, b) => a * b, 1), n]
  /** Each entry becomes the sum over the entries to its left (or, transposed, to its right) in its row. */
  const rowSums = (matrix: tf.Tensor, right: boolean): tf.Tensor =>
    tf.reshape(tf.matMul(tf.reshape(matrix, flat), maskOf(triangle), false, !right), [...shape])
  return makeBijector({
    name: "toCorrCholesky",
    domain: euclidean([...shape.slice(0, -2), triangle.positions.length]),
    codomain: { shape, constraint: corrCholesky },
    forward: (x) => {
      const logSquares = logSechSquared(x)
      const remaining = tf.exp(tf.mul(rowSums(toMatrix(logSquares, triangle), false), 0.5))
      const partial = tf.add(toMatrix(tf.tanh(x), triangle), tf.eye(n))
      return { value: tf.mul(partial, remaining), logDet: logDet(logSquares) }
    },
    inverse: (L) => {
      const remaining = fromMatrix(rowSums(tf.square(L), true), triangle)
      const x = asinh(tf.div(fromMatrix(L, triangle), tf.sqrt(remaining)))
      return { value: x, logDet: tf.neg(logDet(logSechSquared(x))) }
    }
  })
}
