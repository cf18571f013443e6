import * as tf from "@tensorflow/tfjs-core"
import { toCorrCholesky } from "../bijector/toCorrCholesky.ts"
import { range, sizeOf } from "../graph/shape.ts"
import type { Constraint } from "./constraint.ts"
import { entryOf, notTriangular, offTriangle } from "./lowerCholesky.ts"
import { firstRow, roundingOf } from "./rows.ts"

/** Cholesky factors of correlation matrices: lower triangular, rows of length 1. The free coordinates are the strict lower triangle. */
export const corrCholesky: Constraint = {
  name: "corrCholesky",
  discrete: false,
  violation: (values, shape) =>
    notTriangular(values, shape) ??
    firstRow(values, shape, (row) => {
      const length = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0))
      return Math.abs(length - 1) <= roundingOf(row.length) ? undefined : `has length ${length}, not 1`
    }),
  outside: (x) => {
    const gap = tf.abs(tf.sub(tf.sqrt(tf.sum(tf.square(x), -1, true)), 1))
    return tf.logicalOr(offTriangle(x), tf.greater(gap, roundingOf(x.shape.at(-1) ?? 1)))
  },
  bijector: (shape) => toCorrCholesky(shape),
  freeCoordinates: (shape) =>
    range(sizeOf(shape)).filter((position) => {
      const { row, column } = entryOf(position, shape.at(-1)!)
      return column < row
    })
}
