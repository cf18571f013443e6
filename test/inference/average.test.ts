import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { type Average, withPlace } from "../../src/inference/average.ts"

const averageOf = (places: ReadonlyArray<number>, share: number): number =>
  places.reduce((before: Average | undefined, x) => withPlace(before, Float64Array.of(x), share), undefined)!.parameters[0]!

const places = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 1, maxLength: 40 })

describe("an average of places", () => {
  test("is the plain mean of all, and the last alone, at the ends of the shares", () => {
    fc.assert(
      fc.property(places, (xs) => {
        expect(averageOf(xs, 1)).toBeCloseTo(xs.reduce((a, b) => a + b, 0) / xs.length, 10)
        expect(averageOf(xs, 0)).toBe(xs.at(-1))
      }),
      { seed: 1 }
    )
  })

  test("is a mean: places all the same are it, and it lies among them", () => {
    fc.assert(
      fc.property(places, fc.double({ min: 0, max: 1, noNaN: true }), (xs, share) => {
        expect(
          averageOf(
            xs.map(() => 3),
            share
          )
        ).toBeCloseTo(3, 12)
        expect(averageOf(xs, share)).toBeGreaterThanOrEqual(Math.min(...xs) - 1e-12)
        expect(averageOf(xs, share)).toBeLessThanOrEqual(Math.max(...xs) + 1e-12)
      }),
      { seed: 2 }
    )
  })

  // By ∫ t^(η + 1) dt / ∫ t^η dt = (η + 1) / (η + 2), η = 1 / share − 1.
  test("looks back as far as the share says", () => {
    for (const share of [0.05, 0.1, 0.2, 0.5]) {
      const n = 4000
      const lag =
        n -
        averageOf(
          Array.from({ length: n }, (_, i) => i + 1),
          share
        )
      expect(lag / n).toBeCloseTo(share / (1 + share), 2)
    }
  })
})
