import type { Constraint } from "../constraint/constraint.ts"
import { real } from "../constraint/real.ts"
import type { Shape } from "../graph/types.ts"
import { constant } from "../trace/tensor.ts"
import type { Bijector } from "./bijector.ts"
import { makeBijector } from "./make.ts"

/** y = x, on the events of `shape` that satisfy `constraint`. The log-determinant is 0. */
export const identity = (shape: Shape = [], constraint: Constraint = real): Bijector => {
  const space = { shape, constraint }
  return makeBijector({
    name: "identity",
    domain: space,
    codomain: space,
    forward: (x) => ({ value: x, logDet: constant(0) }),
    inverse: (y) => ({ value: y, logDet: constant(0) })
  })
}
