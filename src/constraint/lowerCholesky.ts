import * as tf from "@tensorflow/tfjs-core"
import { lowerTriangle, maskOf } from "../bijector/triangle.ts"
import { toLowerCholesky } from "../bijector/toLowerCholesky.ts"
import type { Shape } from "../graph/types.ts"
import { range, sizeOf } from "../graph/shape.ts"
import type { Constraint } from "./constraint.ts"
import { firstViolation } from "./elements.ts"

/** Row and column of a position in a row-major stack of n × n matrices. */
export const entryOf = (position: number, n: number): { row: number; column: number } => ({
  row: Math.floor(position / n) % n,
  column: position % n
})

/** Lower triangular with a positive diagonal. */
export const notTriangular = (values: ArrayLike<number>, shape: Shape): string | undefined =>
  firstViolation(values, shape, (value, position) => {
    const { row, column } = entryOf(position, shape.at(-1) ?? 1)
    if (!Number.isFinite(value)) return "is not finite"
    if (column > row && value !== 0) return "is above the diagonal and not 0"
    return column === row && value <= 0 ? "is on the diagonal and not positive" : undefined
  })

/** Where an entry is above the diagonal and not 0, or on it and not positive. */
export const offTriangle = (x: tf.Tensor): tf.Tensor => {
  const n = x.shape.at(-1) ?? 1
  const above = tf.logicalAnd(tf.equal(maskOf(lowerTriangle(n)), 0), tf.logicalOr(tf.less(x, 0), tf.greater(x, 0)))
  return tf.logicalOr(above, tf.logicalAnd(tf.equal(tf.eye(n), 1), tf.lessEqual(x, 0)))
}

/** Lower triangular matrices with a positive diagonal: Cholesky factors of covariances. The free coordinates are the lower triangle. */
export const lowerCholesky: Constraint = {
  name: "lowerCholesky",
  discrete: false,
  violation: notTriangular,
  outside: offTriangle,
  bijector: (shape) => toLowerCholesky(shape),
  freeCoordinates: (shape) =>
    range(sizeOf(shape)).filter((position) => {
      const { row, column } = entryOf(position, shape.at(-1)!)
      return column <= row
    })
}
