import * as tf from "@tensorflow/tfjs-core"
import type { Constraint } from "../constraint/constraint.ts"
import { real } from "../constraint/real.ts"
import { ShapeError } from "../errors.ts"
import { showShape, sizeOf } from "../graph/shape.ts"
import type { Shape } from "../graph/types.ts"
import { constant } from "../trace/tensor.ts"
import type { Bijector } from "./bijector.ts"
import { makeBijector } from "./make.ts"

/** The same numbers, row-major, in another shape. The log-determinant is 0. */
export const reshape = (from: Shape, to: Shape, constraint: Constraint = real): Bijector => {
  if (sizeOf(from) !== sizeOf(to)) {
    throw new ShapeError({
      where: "reshape.to",
      expected: `with the ${sizeOf(from)} components of ${showShape(from)}`,
      received: showShape(to)
    })
  }
  return makeBijector({
    name: "reshape",
    domain: { shape: from, constraint },
    codomain: { shape: to, constraint },
    forward: (x) => ({ value: tf.reshape(x, [...to]), logDet: constant(0) }),
    inverse: (y) => ({ value: tf.reshape(y, [...from]), logDet: constant(0) })
  })
}
