import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { effectiveSampleSize, evidenceLowerBound, klDivergence, logMeanExp, normalise, resample } from "../../src/inference/importance.ts"
import type { Estimate } from "../../src/inference/importance.ts"
import { normals } from "../../src/random/draws.ts"
import { keyOf } from "../../src/random/key.ts"

/** Log weights of p = e^level N(0, 1) at draws of q = N(shift, scale). */
const gaussian = (seed: number, n: number, shift: number, scale: number, level: number): Float64Array =>
  normals(keyOf(seed), n).map((z) => level - 0.5 * (shift + scale * z) ** 2 + 0.5 * z * z + Math.log(scale))

const [shift, scale, level] = [0.3, 1.1, -777]
const kl = (scale ** 2 + shift ** 2 - 1) / 2 - Math.log(scale)

describe("importance", () => {
  it.each<readonly [string, (w: Float64Array) => Estimate, number]>([
    ["logMeanExp", logMeanExp, level],
    ["evidenceLowerBound", evidenceLowerBound, level - kl],
    ["klDivergence", klDivergence, kl]
  ])("%s has the right mean, and errors of the right size", (_, estimate, truth) => {
    const runs = 300
    const estimates = Array.from({ length: runs }, (_, seed) => estimate(gaussian(seed, 2000, shift, scale, level)))
    const mean = (f: (e: Estimate) => number) => estimates.reduce((sum, e) => sum + f(e), 0) / runs
    const average = mean((e) => e.value)
    const sd = Math.sqrt(mean((e) => (e.value - average) ** 2))
    expect(Math.abs(average - truth)).toBeLessThan((4 * sd) / Math.sqrt(runs))
    expect(Math.abs(mean((e) => e.error) / sd - 1)).toBeLessThan(0.1)
  })

  it("is exact for equal weights", () => {
    const equal = new Float64Array(7).fill(-1000)
    expect(logMeanExp(equal)).toEqual({ value: -1000, error: 0 })
    expect(evidenceLowerBound(equal)).toEqual({ value: -1000, error: 0 })
    expect(klDivergence(equal)).toEqual({ value: 0, error: 0 })
    expect(effectiveSampleSize(equal)).toBeCloseTo(7, 12)
  })

  it("takes −∞ for weight zero", () => {
    const half = Float64Array.from({ length: 10 }, (_, i) => (i % 2 ? 4 : -Infinity))
    expect(effectiveSampleSize(half)).toBeCloseTo(5, 12)
    expect(logMeanExp(half).value).toBeCloseTo(4 - Math.log(2), 12)
    expect(evidenceLowerBound(half)).toEqual({ value: -Infinity, error: Infinity })
    expect(klDivergence(half)).toEqual({ value: Infinity, error: Infinity })
    expect([...resample(half, 10, keyOf(0))].every((i) => i % 2 === 1)).toBe(true)
  })

  it("normalises weights of any level", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e4, max: 1e4, noNaN: true }), { minLength: 1, maxLength: 20 }), (raw) => {
        const w = normalise(Float64Array.from(raw))
        expect(w.reduce((sum, x) => sum + Math.exp(x), 0)).toBeCloseTo(1, 10)
        w.forEach((x, i) => expect(x - w[0]!).toBeCloseTo(raw[i]! - raw[0]!, 8))
        const ess = effectiveSampleSize(Float64Array.from(raw))
        expect(ess).toBeGreaterThanOrEqual(1 - 1e-12)
        expect(ess).toBeLessThanOrEqual(raw.length + 1e-9)
      }),
      { seed: 1, numRuns: 200 }
    )
  })

  it("resamples each draw ⌊nw⌋ or ⌈nw⌉ times, on average nw", () => {
    const log = normals(keyOf(8), 12).map((z) => 2 * z)
    const weights = normalise(log).map(Math.exp)
    const totals = new Float64Array(12)
    for (let seed = 0; seed < 500; seed++) {
      const counts = new Float64Array(12)
      const indices = resample(log, 40, keyOf(seed))
      expect(indices).toEqual(indices.toSorted())
      indices.forEach((i) => counts[i]!++)
      counts.forEach((c, i) => {
        expect(Math.abs(c - 40 * weights[i]!)).toBeLessThan(1)
        totals[i]! += c
      })
    }
    totals.forEach((t, i) => expect(Math.abs(t / 500 - 40 * weights[i]!)).toBeLessThan(4 * Math.sqrt(0.25 / 500)))
  })

  it("refuses NaN and +∞, and names the function", () => {
    for (const f of [logMeanExp, evidenceLowerBound, effectiveSampleSize, normalise]) {
      expect(() => f(Float64Array.of(1, NaN))).toThrow(`${f.name}.logWeights`)
      expect(() => f(Float64Array.of(Infinity, 1))).toThrow("Infinity at draw 0")
    }
  })
})
