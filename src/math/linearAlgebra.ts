import type * as tf from "@tensorflow/tfjs-core"
import { operation } from "../trace/operation.ts"
import type { Numeric } from "../trace/tensor.ts"
import { asTensor } from "../trace/tensor.ts"

/**
 * The lower triangular L with L Lᵀ = matrix, of shape […, n, n]; only the lower triangle of the matrix is read. NaN where it is not
 * positive definite. A matrix that is nearly not so loses digits before it comes here: in float32, compute it from parameters in `float64`.
 *
 * @example
 * ```ts
 * import { cholesky } from "pushforward/math"
 *
 * cholesky([[4, 2], [2, 5]]).print() // [[2, 0], [1, 2]]
 * ```
 */
export const cholesky = (matrix: Numeric): tf.Tensor => operation("cholesky", [asTensor(matrix)])

/** X with L X = B for lower triangular L of shape […, n, n] and B of shape […, n, m]; with `transpose`, Lᵀ X = B. */
export const triangularSolve = (factor: Numeric, right: Numeric, options: { readonly transpose?: boolean } = {}): tf.Tensor =>
  operation("triangularSolve", [asTensor(factor), asTensor(right)], { transposed: options.transpose === true })
