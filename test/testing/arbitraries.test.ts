import "@tensorflow/tfjs-backend-cpu"
import * as tf from "@tensorflow/tfjs-core"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { boolean, corrCholesky, integerInterval, interval, ordered, positive, simplex } from "../../src/constraint/index.ts"
import type { Constraint } from "../../src/constraint/index.ts"
import { Gamma, Normal, Poisson } from "../../src/distribution/index.ts"
import type { Shape } from "../../src/graph/types.ts"
import { deterministic, model, observe, plate, sample } from "../../src/model/index.ts"
import { arbitraryFromModel, arbitraryOf } from "../../src/testing/index.ts"

/** The counterexample that is left of "all of them hold". */
const shrunk = <A>(arbitrary: fc.Arbitrary<A>, holds: (a: A) => boolean, numRuns = 100): A => {
  const { counterexample } = fc.check(fc.property(arbitrary, holds), { seed: 1, numRuns })
  if (counterexample === null) throw new Error("there is no counterexample")
  return counterexample[0] as A
}

describe("arbitraryOf", () => {
  it.each<[Constraint, Shape]>([
    [positive, [2]],
    [simplex, [3]],
    [ordered, [3]],
    [corrCholesky, [3, 3]],
    [interval(-1, 4), []],
    [boolean, [2]],
    [integerInterval(-3, 4), []]
  ])("gives values of $name $1", (constraint, shape) =>
    fc.assert(
      fc.property(arbitraryOf(constraint, shape), ({ data }) => constraint.violation(data, shape) === undefined),
      { seed: 1, numRuns: 200 }
    )
  )
  it("reaches every admissible integer, and shrinks to the one nearest to 0", () => {
    const values = fc.sample(arbitraryOf(integerInterval(-3, 4)), { seed: 1, numRuns: 200 }).map(({ data }) => data[0]!)
    expect([...new Set(values)].sort((a, b) => a - b)).toEqual([-3, -2, -1, 0, 1, 2, 3, 4])
    expect(shrunk(arbitraryOf(integerInterval(2, 9)), () => false).data[0]).toBe(2)
  })
  it("shrinks to the image of 0", () => expect(Array.from(shrunk(arbitraryOf(interval(0, 6), [2]), () => false).data)).toEqual([3, 3]))
})

const shop = model(function* (days: number) {
  const rate = yield* sample("rate", Gamma(4, 1))
  yield* plate("day", days, function* () {
    yield* observe("orders", Poisson(rate))
  })
  yield* deterministic("double", tf.mul(rate, 2))
})

describe("arbitraryFromModel", () => {
  const weeks = arbitraryFromModel(shop(3), { seed: 2 })
  it("gives what the model generates, by site", () =>
    fc.assert(
      fc.property(weeks, ({ rate, orders, double }) => {
        expect([rate.shape, orders.shape]).toEqual([[], [3]])
        expect(double.data[0]).toBe(2 * rate.data[0]!)
        expect(orders.data.every((n) => Number.isInteger(n) && n >= 0)).toBe(true)
      }),
      { seed: 3, numRuns: 50 }
    ))
  it("is the same for the same seeds, and not for others", () => {
    const rates = (seed: number, options: { readonly seed: number }): ReadonlyArray<number> =>
      fc.sample(arbitraryFromModel(shop(3), options), { seed, numRuns: 20 }).map(({ rate }) => rate.data[0]!)
    expect(rates(1, { seed: 2 })).toEqual(rates(1, { seed: 2 }))
    expect(rates(1, { seed: 2 })).not.toEqual(rates(5, { seed: 2 }))
    expect(rates(1, { seed: 2 })).not.toEqual(rates(1, { seed: 4 }))
    expect(new Set(rates(1, { seed: 2 })).size).toBeGreaterThan(10)
  })
  it("is distributed as the prior", () => {
    const rates = fc.sample(fc.noBias(weeks), { seed: 4, numRuns: 4000 }).map(({ rate }) => rate.data[0]!)
    const mean = rates.reduce((a, b) => a + b, 0) / rates.length
    // mean 4 and variance 4, of 1000 draws resampled 4000 times
    expect(Math.abs(mean - 4)).toBeLessThan(5 * 2 * Math.sqrt(1 / 1000 + 1 / 4000))
  })
  it("shrinks to an ordinary draw", () => {
    const smallest = Math.max(...shrunk(weeks, ({ orders }) => orders.data.every((n) => n < 7), 500).orders.data)
    expect(smallest).toBeGreaterThanOrEqual(7)
    expect(smallest).toBeLessThanOrEqual(9)
    expect(Math.abs(shrunk(weeks, () => false).rate.data[0]! - 4)).toBeLessThan(1.5)
  })
  it("says what is wrong with the model", () => {
    const twice = model(function* () {
      yield* sample("x", Normal(0, 1))
      yield* sample("x", Normal(0, 1))
    })
    expect(() => fc.sample(arbitraryFromModel(twice()), 1)).toThrow(/"x"/)
  })
})
