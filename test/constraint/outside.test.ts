import * as tf from "@tensorflow/tfjs-core"
import { describe, expect, it } from "vitest"
import * as C from "../../src/constraint/index.ts"
import { sizeOf } from "../../src/graph/shape.ts"
import type { Shape } from "../../src/graph/types.ts"
import { evaluate } from "../../src/trace/evaluate.ts"
import { normals } from "../support/numbers.ts"

const constraints: ReadonlyArray<[C.Constraint, Shape]> = [
  [C.real, [2]],
  [C.positive, [2]],
  [C.nonnegative, [2]],
  [C.interval(-1, [0.5, 2]), [2]],
  [C.greaterThan([0, 1]), [2]],
  [C.lessThan(0.5), [2]],
  [C.simplex, [3]],
  [C.simplex, [2, 2]],
  [C.ordered, [3]],
  [C.ordered, [1]],
  [C.ordered, [2, 2]],
  [C.positiveOrdered, [2]],
  [C.lowerCholesky, [2, 2]],
  [C.corrCholesky, [2, 2]],
  [C.corrCholesky, [3, 3]],
  [C.boolean, [2]],
  [C.nonnegativeInteger, [2]],
  [C.integerInterval(-1, [1, 3]), [2]]
]

const outside = (c: C.Constraint, shape: Shape, values: ArrayLike<number>): boolean =>
  evaluate(
    (x) => tf.cast(c.outside === undefined ? tf.zeros([1]) : tf.logicalAnd(c.outside(x!), tf.ones([...shape], "bool")), "float32"),
    [{ shape, data: Float64Array.from(values) }]
  )[0]!.data.some((v) => v !== 0)

describe("of a tensor and of numbers the same is found outside", () => {
  it.each(constraints)("$name $1", (c, shape) => {
    const n = sizeOf(shape)
    let both = 0
    for (let seed = 0; seed < 60; seed++) {
      const z = normals(seed, n).map((v) => (seed % 4 === 0 ? Math.round(2 * v) : seed % 4 === 1 ? Math.round(v) : v))
      const onTarget =
        c.bijector !== undefined && seed % 2 === 0
          ? evaluate(
              (x) =>
                c.bijector!(shape).forward(
                  tf.reshape(tf.slice(x!, [0], [sizeOf(c.bijector!(shape).domain.shape)]), [...c.bijector!(shape).domain.shape])
                ).value,
              [{ shape: [n], data: Float64Array.from(z) }]
            )[0]!.data
          : z
      const moved = Float64Array.from(onTarget, (v, i) => (seed % 6 === 4 && i === 1 ? -v : seed % 6 === 2 && i === n - 1 ? v + 1e-3 : v))
      expect(outside(c, shape, moved), Array.from(moved).join(", ")).toBe(c.violation(moved, shape) !== undefined)
      both += Number(c.violation(moved, shape) !== undefined)
    }
    if (c !== C.real && !(c === C.ordered && n === 1)) expect(both).toBeGreaterThan(0)
    expect(both).toBeLessThan(60)
  })
  it.each(constraints)("$name $1: NaN is not", (c, shape) => {
    expect(outside(c, shape, new Float64Array(sizeOf(shape)).fill(NaN))).toBe(false)
  })
})
