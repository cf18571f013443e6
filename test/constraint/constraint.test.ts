import * as tf from "@tensorflow/tfjs-core"
import "@tensorflow/tfjs-backend-cpu"
import { describe, expect, test } from "vitest"
import * as C from "../../src/constraint/index.ts"

const s = Math.SQRT1_2

/** Constraint, shape, values, and a part of the reason; none where the values satisfy it. */
const cases: ReadonlyArray<readonly [C.Constraint, ReadonlyArray<number>, ReadonlyArray<number>, string?]> = [
  [C.real, [], [-3]],
  [C.real, [2], [1, NaN], "NaN at [1] is not a number"],
  [C.real, [], [Infinity], "Infinity is not finite"],
  [C.positive, [2, 2], [1, 2, 0, 4], "0 at [1, 0] is not positive"],
  [C.positive, [], [1e-300]],
  [C.nonnegative, [], [0]],
  [C.nonnegative, [], [-1e-9], "negative"],
  [C.interval(0, 1), [2], [0, 1]],
  [C.interval(0, 1), [2], [0.5, 2], "2 at [1] is not in [0, 1]"],
  [C.interval([0, 5], 10), [2], [3, 3], "3 at [1] is not in [5, 10]"],
  [C.interval([0, 5], 10), [3, 2], [3, 6, 3, 6, 3, 4], "4 at [2, 1] is not in [5, 10]"],
  [C.greaterThan(2), [], [2], "2 is not above 2"],
  [C.greaterThan(2), [], [2.1]],
  [C.lessThan([1, 2]), [2], [0, 3], "3 at [1] is not below 2"],
  [C.simplex, [3], [0.2, 0.3, 0.5]],
  [C.simplex, [3], Array.from(Float32Array.of(1 / 3, 1 / 3, 1 / 3))],
  [C.simplex, [3], [0.2, 0.3, 0.4], "sums to 0.9"],
  [C.simplex, [2], [1.5, -0.5], "-0.5 at [1] is negative"],
  [C.simplex, [2, 2], [0.5, 0.5, 0.2, 0.2], "row 1 sums to 0.4"],
  [C.ordered, [3], [-1, 0, 5]],
  [C.ordered, [3], [-1, 5, 5], "5 at [2] is not above 5"],
  [C.ordered, [2, 2], [1, 2, 0, 3]],
  [C.positiveOrdered, [2], [-1, 2], "-1 at [0] is not positive"],
  [C.positiveOrdered, [2], [1, 2]],
  [C.lowerCholesky, [2, 2], [1, 0, -3, 2]],
  [C.lowerCholesky, [2, 2], [1, 0.1, -3, 2], "0.1 at [0, 1] is above the diagonal"],
  [C.lowerCholesky, [2, 2], [1, 0, -3, -2], "-2 at [1, 1] is on the diagonal"],
  [C.corrCholesky, [2, 2], [1, 0, s, s]],
  [C.corrCholesky, [2, 2], [1, 0, 0.5, 0.5], "row 1 has length 0.707"],
  [C.boolean, [2], [0, 1]],
  [C.boolean, [2], [0, 0.5], "0.5 at [1] is neither 0 nor 1"],
  [C.nonnegativeInteger, [2], [0, 7]],
  [C.nonnegativeInteger, [], [1.5], "1.5 is not a nonnegative integer"],
  [C.nonnegativeInteger, [], [Infinity], "Infinity"],
  [C.integerInterval(1, 6), [], [6]],
  [C.integerInterval(1, [6, 3]), [2], [6, 4], "4 at [1] is not an integer from 1 to 3"]
]

describe("violations", () => {
  for (const [constraint, shape, values, reason] of cases) {
    test(`${constraint.name} ${JSON.stringify(shape)} of ${values.join(", ")}`, () => {
      const violation = constraint.violation(values, shape)
      if (reason === undefined) expect(violation).toBeUndefined()
      else expect(violation).toContain(reason)
    })
  }

  test("every constraint objects to NaN", () => {
    for (const [constraint, shape, values] of cases) expect(constraint.violation([NaN, ...values.slice(1)], shape)).toContain("NaN")
  })
})

test("free coordinates", () => {
  expect(C.real.freeCoordinates([2, 2])).toEqual([0, 1, 2, 3])
  expect(C.simplex.freeCoordinates([2, 3])).toEqual([0, 1, 3, 4])
  expect(C.lowerCholesky.freeCoordinates([2, 2])).toEqual([0, 2, 3])
  expect(C.corrCholesky.freeCoordinates([3, 3])).toEqual([3, 6, 7])
  expect(C.corrCholesky.freeCoordinates([2, 2, 2])).toEqual([2, 6])
})

test("discrete constraints have no bijection, the others do", () => {
  for (const [constraint] of cases) expect(constraint.bijector === undefined).toBe(constraint.discrete)
})

test("bounds that are not known yet are not judged, and are named by their shape", () => {
  expect(C.interval(0, [1, 2]).name).toBe("interval(0, [1, 2])")
  expect(C.interval(0, [1, 2, 3, 4]).name).toBe("interval(0, tensor [4])")
  expect(C.greaterThan(tf.scalar(3)).violation([1], [])).toContain("not above 3")
})

test("bounds that cannot be", () => {
  expect(() => C.interval(0, 0)).toThrow("interval(0, 0)")
  expect(() => C.interval([0, 3], [1, 2])).toThrow("interval.upper")
  expect(() => C.interval(0, Infinity)).toThrow("interval.upper: expected finite numbers, got Infinity")
  expect(() => C.greaterThan(NaN)).toThrow("greaterThan.lower")
  expect(() => C.integerInterval(0.5, 2)).toThrow("integerInterval.lower")
  expect(() => C.interval([0, 0], 1).bijector!([3])).toThrow("sigmoid.lower")
})
