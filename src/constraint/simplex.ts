import * as tf from "@tensorflow/tfjs-core"
import { toSimplex } from "../bijector/toSimplex.ts"
import { range, sizeOf } from "../graph/shape.ts"
import type { Constraint } from "./constraint.ts"
import { firstViolation } from "./elements.ts"
import { firstRow, roundingOf } from "./rows.ts"

/** Shares along the last axis: none negative, their sum 1. The free coordinates are the first K−1 of each row. */
export const simplex: Constraint = {
  name: "simplex",
  discrete: false,
  violation: (values, shape) =>
    firstViolation(values, shape, (value) => (value >= 0 ? undefined : "is negative")) ??
    firstRow(values, shape, (row) => {
      const sum = row.reduce((a, b) => a + b, 0)
      return Math.abs(sum - 1) <= roundingOf(row.length) ? undefined : `sums to ${sum}, not 1`
    }),
  outside: (x) => {
    const gap = tf.abs(tf.sub(tf.sum(x, -1, true), 1))
    return tf.logicalOr(tf.less(x, 0), tf.greater(gap, roundingOf(x.shape.at(-1) ?? 1)))
  },
  bijector: (shape) => toSimplex(shape),
  freeCoordinates: (shape) => range(sizeOf(shape)).filter((k) => (k + 1) % shape.at(-1)! !== 0)
}
