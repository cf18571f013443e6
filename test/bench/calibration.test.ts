import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { histogram, holm, rank, uniformity } from "../../bench/calibration.ts"

describe("simulation-based calibration", () => {
  it("ranks the truth among draws", () => {
    expect(rank(0, [1, 2, 3])).toBe(0)
    expect(rank(2.5, [1, 2, 3])).toBe(2)
    expect(rank(9, [1, 2, 3])).toBe(3)
  })

  it("counts each rank in one of equally wide bins", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(199), { maxLength: 100 }), (ranks) => {
        const counts = histogram(ranks, 199, 20)
        expect(counts).toHaveLength(20)
        expect(counts.reduce((sum, n) => sum + n, 0)).toBe(ranks.length)
        expect(counts[3]).toBe(ranks.filter((r) => r >= 30 && r < 40).length)
      }),
      { seed: 1, numRuns: 50 }
    )
  })

  // scipy 1.17: scipy.stats.chisquare([20, 5, 10, 5])
  it("tests for uniformity by Pearson's chi-square", () => {
    expect(uniformity([20, 5, 10, 5])).toBeCloseTo(0.0018166489665723, 12)
    expect(uniformity([10, 10, 10, 10])).toBe(1)
  })

  it("corrects for many tests as Holm does: in the order of the p-values, never falling, at most 1", () => {
    expect(holm([0.01, 0.04, 0.03])).toEqual([0.03, 0.06, 0.06])
    expect(holm([0.6, 0.7])).toEqual([1, 1])
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 }), (pValues) => {
        const adjusted = holm(pValues)
        pValues.forEach((p, i) => {
          expect(adjusted[i]).toBeGreaterThanOrEqual(p)
          expect(adjusted[i]).toBeLessThanOrEqual(Math.min(1, p * pValues.length))
        })
      }),
      { seed: 2, numRuns: 100 }
    )
  })
})
