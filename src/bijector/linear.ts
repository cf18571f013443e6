import * as tf from "@tensorflow/tfjs-core"
import { ArgumentError, ShapeError } from "../errors.ts"
import { range, showShape } from "../graph/shape.ts"
import type { NDArray } from "../graph/types.ts"
import { asTensor, hostValues, shapeOf, type Numeric } from "../trace/tensor.ts"
import type { Bijector } from "./bijector.ts"
import { luLinear, type LUFactors } from "./luLinear.ts"
import { makeBijector } from "./make.ts"

/** Row i of the matrix is row indices[i] of L U: Gaussian elimination with partial pivoting. Undefined where the matrix is singular. */
export const factorise = ({ shape, data }: NDArray): (LUFactors & { readonly lower: NDArray; readonly upper: NDArray }) | undefined => {
  const d = shape[0]!
  const rows = range(d).map((i) => Float64Array.from(data.slice(i * d, (i + 1) * d)))
  const pivots = range(d)
  const negligible = d * Number.EPSILON * Math.max(...Array.from(data, Math.abs))
  for (let k = 0; k < d; k++) {
    const p = range(d).reduce((best, i) => (i > k && Math.abs(rows[i]![k]!) > Math.abs(rows[best]![k]!) ? i : best), k)
    ;[rows[k], rows[p]] = [rows[p]!, rows[k]!]
    ;[pivots[k], pivots[p]] = [pivots[p]!, pivots[k]!]
    const pivot = rows[k]!
    if (!(Math.abs(pivot[k]!) > negligible)) return undefined
    for (const row of rows.slice(k + 1)) {
      row[k]! /= pivot[k]!
      for (let j = k + 1; j < d; j++) row[j]! -= row[k]! * pivot[j]!
    }
  }
  const part = (entry: (i: number, j: number) => number): NDArray => ({
    shape: [d, d],
    data: Float64Array.from({ length: d * d }, (_, k) => entry(Math.floor(k / d), k % d))
  })
  return {
    indices: range(d).map((row) => pivots.indexOf(row)),
    lower: part((i, j) => (j < i ? rows[i]![j]! : Number(i === j))),
    upper: part((i, j) => (j < i ? 0 : rows[i]![j]!))
  }
}

/**
 * y = A x on vectors, for any invertible `matrix` A [d, d] of numbers: a rotation, a scaling, a shear. log |det J| = log |det A|; the
 * inverse is by the LU factors of A, with partial pivoting. (A matrix that is computed from parameters is given by its factors, to
 * `luLinear` or `triangularAffine`.)
 *
 * @throws ArgumentError if the matrix is singular, not finite or not numbers; ShapeError if it is not square.
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs-core"
 * import { linear } from "pushforward/bijectors"
 *
 * const shear = [
 *   [1, 2],
 *   [0, 1]
 * ]
 * linear(shear).forward(tf.tensor([1, 1])).value.print() // [3, 1]
 * ```
 */
export const linear = (matrix: Numeric): Bijector => {
  const [d, columns, ...more] = shapeOf(matrix)
  if (d === undefined || d !== columns || more.length > 0) {
    throw new ShapeError({ where: "linear.matrix", expected: "[d, d]", received: showShape(shapeOf(matrix)) })
  }
  const data = hostValues(matrix)
  const factors = data?.every(Number.isFinite) === true ? factorise({ shape: [d, d], data }) : undefined
  if (factors === undefined) {
    throw new ArgumentError({
      argument: "linear.matrix",
      expected: "an invertible matrix of finite numbers",
      received: data === undefined ? "a computed tensor" : `[${Array.from(data).join(", ")}]`,
      remedy: data === undefined ? "A map with parameters is given by its factors: luLinear, triangularAffine." : ""
    })
  }
  const byFactors = luLinear(factors)
  return makeBijector({
    ...byFactors,
    name: "linear",
    forward: (x) => ({ value: tf.dot(asTensor(matrix), x), logDet: byFactors.forward(x).logDet })
  })
}
