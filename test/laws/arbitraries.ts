import * as fc from "fast-check"
import { positive, real } from "../../src/constraint/index.ts"
import type { NDArray, Shape } from "../../src/graph/types.ts"
import { arbitraryOf } from "../../src/testing/index.ts"

const between = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true })

export const reals = (shape: Shape = []): fc.Arbitrary<NDArray> => arbitraryOf(real, shape, between(-3, 3))

/** Parameters of splines whose bins are not so narrow that a step of finite differences passes several. */
export const knots = (shape: Shape): fc.Arbitrary<NDArray> => arbitraryOf(real, shape, between(-1, 1))

/** Numbers that a spline with raw parameters near 0 has no knot at. */
export const offKnots = between(-3, 3).map((x) => x + 0.0137)

/** From 0.3 to 4.5: where no mass lies below the smallest or above the largest float of a support. */
export const positives = (shape: Shape = [], [low, high] = [0.3, 4.5]): fc.Arbitrary<NDArray> =>
  arbitraryOf(positive, shape, between(Math.log(low!), Math.log(high!)))

/** n × n lower triangular, with diagonals of either sign. */
export const triangles = (n: number): fc.Arbitrary<NDArray> =>
  fc.tuple(reals([n, n]), fc.array(fc.constantFrom(1, -1), { minLength: n, maxLength: n })).map(([{ shape, data }, signs]) => ({
    shape,
    data: Float64Array.from(data, (x, k) => {
      const [i, j] = [Math.floor(k / n), k % n]
      return j > i ? 0 : j === i ? signs[i]! * Math.exp(x / 3) : x
    })
  }))
