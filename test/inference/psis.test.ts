import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { fitGeneralizedPareto, generalizedParetoQuantile } from "../../src/inference/pareto.ts"
import { psis } from "../../src/inference/psis.ts"
import { normals, uniforms } from "../../src/random/draws.ts"
import { keyOf } from "../../src/random/key.ts"
import { normalQuantile } from "../../src/special/index.ts"

/** S, a, then of ArviZ 0.23.4's `psislw` at a Φ⁻¹((0.618… i + 0.1) mod 1), i < S: k̂, the smoothed log weights of rank S and S − 5, the ESS. */
const ARVIZ: ReadonlyArray<readonly [number, number, number, number, number, number]> = [
  [100, 1.0, 0.2789728712817394, -2.7709474716978786, -3.4720780766060972, 45.29364827927346],
  [1000, 0.3, 0.021506287800009988, -5.991512866842976, -6.167633723622545, 913.1981276933557],
  [1000, 1.0, 0.2753724233196053, -4.1996851877686, -4.850953842771086, 384.4099377857993],
  [1000, 2.5, 0.8374539088099673, -1.806065655566521, -3.590512836225776, 22.31489644490072],
  [1000, 8.0, 3.0164215250676207, -0.1716287590992577, -6.097668554164498, 1.3831911809111035],
  [4000, 1.5, 0.44513375903776264, -3.8837982011019774, -4.915723895868727, 481.1968858762539],
  [4000, 400.0, 101.07662202855029, 0.0, -242.37115415268903, 1.0]
]

const spread = (S: number, a: number): Float64Array =>
  Float64Array.from({ length: S }, (_, i) => a * normalQuantile((i * 0.6180339887498949 + 0.1) % 1))

describe("psis", () => {
  it.each(ARVIZ)("agrees with ArviZ for S = %i, spread %d", (S, a, khat, first, sixth, ess) => {
    const result = psis(spread(S, a))
    const sorted = result.logWeights.toSorted()
    expect(result.khat / khat).toBeCloseTo(1, 9)
    expect(sorted.at(-1)).toBeCloseTo(first, 8)
    expect(sorted.at(-6)).toBeCloseTo(sixth, 8)
    expect(result.ess / ess).toBeCloseTo(1, 8)
  })

  it.each([-0.4, 0, 0.3, 0.7, 1.2])("recovers the shape %d of exact draws", (k) => {
    const estimates = Array.from({ length: 40 }, (_, seed) => {
      const draws = uniforms(keyOf(seed), 1000).map((u) => generalizedParetoQuantile(u, k, 3))
      return fitGeneralizedPareto(draws.toSorted())
    })
    const mean = (f: (e: { shape: number; scale: number }) => number) => estimates.reduce((sum, e) => sum + f(e), 0) / estimates.length
    // asymptotic sd (1 + k)/√n of one estimate; the prior pulls by 10/1010 of the distance to ½
    const prior = (1000 * k + 5) / 1010
    expect(Math.abs(mean((e) => e.shape) - prior)).toBeLessThan((5 * (1 + k)) / Math.sqrt(40000))
    expect(Math.abs(mean((e) => e.scale) / 3 - 1)).toBeLessThan(0.02)
  })

  it("says 1/α of a Pareto tail of weights, whatever the body", () => {
    for (const k of [0.2, 0.5, 0.9]) {
      const khats = Array.from({ length: 20 }, (_, seed) => psis(uniforms(keyOf(seed), 10000).map((u) => -k * Math.log(u))).khat)
      expect(khats.reduce((sum, v) => sum + v, 0) / khats.length).toBeCloseTo(k, 1)
    }
  })

  it("is the threshold of Vehtari et al.", () => {
    expect(psis(spread(100, 1)).threshold).toBe(0.5)
    expect(psis(spread(1000, 1)).threshold).toBeCloseTo(2 / 3, 14)
    expect(psis(spread(10000, 1)).threshold).toBe(0.7)
  })

  it("does not depend on the order or the level of the weights", () => {
    const raw = spread(500, 2)
    const base = psis(raw)
    const shifted = psis(raw.map((w) => w - 1234.5))
    const reversed = psis(raw.toReversed())
    expect(shifted.khat).toBeCloseTo(base.khat, 8)
    expect(reversed.khat).toBe(base.khat)
    shifted.logWeights.forEach((w, i) => expect(w).toBeCloseTo(base.logWeights[i]!, 8))
    // sums of 500 terms in another order differ by rounding
    reversed.logWeights.toReversed().forEach((w, i) => expect(w).toBeCloseTo(base.logWeights[i]!, 12))
  })

  it("keeps ranks, sums to one and stays below the largest raw weight", () => {
    fc.assert(
      fc.property(fc.integer({ min: 30, max: 400 }), fc.double({ min: 0.01, max: 20, noNaN: true }), fc.nat(1000), (S, a, seed) => {
        const raw = normals(keyOf(seed), S).map((z) => a * z)
        const { logWeights, ess } = psis(raw)
        expect(logWeights.reduce((sum, w) => sum + Math.exp(w), 0)).toBeCloseTo(1, 10)
        const order = [...raw.keys()].sort((i, j) => raw[i]! - raw[j]!)
        for (let r = 1; r < S; r++) expect(logWeights[order[r]!]!).toBeGreaterThanOrEqual(logWeights[order[r - 1]!]!)
        const lift = logWeights[order[0]!]! - raw[order[0]!]!
        expect(logWeights[order[S - 1]!]!).toBeLessThanOrEqual(raw[order[S - 1]!]! + lift + 1e-9)
        expect(ess).toBeGreaterThanOrEqual(1 - 1e-9)
        expect(ess).toBeLessThanOrEqual(S + 1e-9)
      }),
      { seed: 5, numRuns: 100 }
    )
  })

  it("trusts equal weights, also up to rounding", () => {
    expect(psis(new Float64Array(1000).fill(-3.5))).toMatchObject({ khat: -Infinity, ess: 1000 })
    const { khat, ess } = psis(normals(keyOf(1), 4000).map((z) => -700 + 1e-12 * z))
    expect(khat).toBeLessThan(0.5)
    expect(ess).toBeCloseTo(4000, 6)
  })

  it("takes −∞ for weight zero", () => {
    const raw = Float64Array.from([...spread(900, 1), ...new Float64Array(100).fill(-Infinity)])
    const { logWeights, ess } = psis(raw)
    expect(logWeights.slice(900).every((w) => w === -Infinity)).toBe(true)
    expect(ess).toBeLessThan(900)
  })

  it("cannot tell from few draws, or when a handful outweighs all others", () => {
    expect(psis(spread(15, 1)).khat).toBe(Infinity)
    expect(psis(Float64Array.of(1)).khat).toBe(Infinity)
    expect(psis(Float64Array.from({ length: 1000 }, (_, i) => (i < 2 ? i : -5000 - i))).khat).toBe(Infinity)
  })

  it("refuses what is no weight", () => {
    expect(() => psis(Float64Array.of(0, NaN, 0))).toThrow(
      "psis.logWeights: expected log weights that are numbers below +∞, got NaN at draw 1"
    )
    expect(() => psis(Float64Array.of(0, 0, Infinity))).toThrow("Infinity at draw 2")
    expect(() => psis(new Float64Array(50).fill(-Infinity))).toThrow("50 draws of weight zero")
    expect(() => psis(new Float64Array())).toThrow("0 draws of weight zero")
  })
})
