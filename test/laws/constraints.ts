import * as C from "../../src/constraint/index.ts"
import type { Constraint } from "../../src/constraint/index.ts"
import type { Shape } from "../../src/graph/types.ts"

/** Every constraint that is exported, with shapes of events. */
export const constraints: Readonly<Record<keyof typeof C, ReadonlyArray<readonly [Constraint, Shape]>>> = {
  boolean: [[C.boolean, [2]]],
  corrCholesky: [
    [C.corrCholesky, [2, 2]],
    [C.corrCholesky, [3, 3]],
    [C.corrCholesky, [2, 3, 3]]
  ],
  greaterThan: [
    [C.greaterThan(-1), []],
    [C.greaterThan([0, 2]), [3, 2]]
  ],
  integerInterval: [
    [C.integerInterval(-2, 5), []],
    [C.integerInterval(0, [1, 7]), [2]]
  ],
  interval: [
    [C.interval(0, 1), []],
    [C.interval(-1, [2, 5]), [2]]
  ],
  lessThan: [[C.lessThan(3), [2]]],
  lowerCholesky: [
    [C.lowerCholesky, [1, 1]],
    [C.lowerCholesky, [3, 3]]
  ],
  nonnegative: [[C.nonnegative, [2]]],
  nonnegativeInteger: [[C.nonnegativeInteger, []]],
  ordered: [
    [C.ordered, [1]],
    [C.ordered, [3]],
    [C.ordered, [2, 2]]
  ],
  positive: [
    [C.positive, []],
    [C.positive, [2, 2]]
  ],
  positiveOrdered: [[C.positiveOrdered, [3]]],
  real: [
    [C.real, []],
    [C.real, [3]]
  ],
  simplex: [
    [C.simplex, [2]],
    [C.simplex, [4]],
    [C.simplex, [2, 3]]
  ]
}
