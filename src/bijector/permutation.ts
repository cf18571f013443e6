import * as tf from "@tensorflow/tfjs-core"
import { ArgumentError } from "../errors.ts"
import { constant } from "../trace/tensor.ts"
import type { Bijector } from "./bijector.ts"
import { euclidean, makeBijector } from "./make.ts"

/**
 * yᵢ = x[indices[i]] on vectors. The log-determinant is 0. The indices are static: each of 0 … d−1 once.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs-core"
 * import { permutation } from "pushforward/bijectors"
 *
 * permutation([2, 0, 1]).forward(tf.tensor([10, 20, 30])).value.print() // [30, 10, 20]
 * ```
 */
export const permutation = (indices: ReadonlyArray<number>): Bijector => {
  const d = indices.length
  const inverse = new Array<number>(d)
  indices.forEach((from, to) => (inverse[from] = to))
  if (d === 0 || inverse.length !== d || new Set(indices).size !== d || !indices.every(Number.isInteger)) {
    throw new ArgumentError({
      argument: "permutation.indices",
      expected: `each of 0 … ${Math.max(0, d - 1)} once`,
      received: `[${indices.join(", ")}]`
    })
  }
  const pick = (x: tf.Tensor, order: ReadonlyArray<number>) => ({ value: tf.gather(x, [...order]), logDet: constant(0) })
  return makeBijector({
    name: "permutation",
    domain: euclidean([d]),
    codomain: euclidean([d]),
    forward: (x) => pick(x, indices),
    inverse: (y) => pick(y, inverse)
  })
}
