import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { logAddExp } from "../../src/math/index.ts"
import { sigmoid } from "../../src/special/index.ts"
import { evaluate } from "../../src/trace/evaluate.ts"
import { gradient } from "../../src/trace/trace.ts"

const at = (a: number, b: number) => {
  const inputs = [a, b].map((x) => ({ shape: [], data: Float64Array.of(x) }))
  return evaluate((x, y) => {
    const value = logAddExp(x!, y!)
    const [slope, other] = gradient(value, [x!, y!])
    return [value, slope!, other!, ...gradient(slope!, [x!])]
  }, inputs).map(({ data }) => data[0]!)
}

describe("logAddExp", () => {
  it("has both derivatives, where its arguments are equal too", () => {
    const distance = fc.oneof(fc.constant(0), fc.double({ min: -40, max: 40, noNaN: true }))
    fc.assert(
      fc.property(fc.double({ min: -1e3, max: 1e3, noNaN: true }), distance, (a, d) => {
        const b = a + d
        const [value, slope, other, second] = at(a, b)
        const share = sigmoid(a - b)
        expect(value).toBeCloseTo(Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b))), 12)
        expect(slope).toBeCloseTo(share, 12)
        expect(other).toBeCloseTo(1 - share, 12)
        expect(second).toBeCloseTo(share * (1 - share), 12)
      }),
      { seed: 1, numRuns: 100 }
    )
  })

  it("keeps the digits of the greater, and infinities", () => {
    expect(at(-1e10, 1e-3).slice(0, 3)).toEqual([1e-3, 0, 1])
    expect(at(-Infinity, 1).slice(0, 3)).toEqual([1, 0, 1])
    expect(at(-Infinity, -Infinity)[0]).toBe(-Infinity)
    expect(at(Infinity, 1)[0]).toBe(Infinity)
    expect(at(NaN, 1)[0]).toBeNaN()
  })
})
