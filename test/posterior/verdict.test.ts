/** Diagnostics and verdict against exact divergences and moments. */
import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import { diagnose } from "../../src/posterior/diagnostics.ts"
import { verdictOf } from "../../src/posterior/verdict.ts"
import type { Sampled } from "../../src/posterior/sampler.ts"
import { fold, keyOf } from "../../src/random/key.ts"
import { normals, uniforms } from "../../src/random/draws.ts"
import { normal } from "../model/oracle.ts"

const range = (n: number): ReadonlyArray<number> => Array.from({ length: n }, (_, i) => i)
const count = 10_000

/** Draws of a normal guide with these means and scales, by coordinate, for a posterior of standard normals whose log evidence is −3. */
const misfit = (means: ReadonlyArray<number>, scales: ReadonlyArray<number>, seed = 0): Sampled => {
  const d = means.length
  const z = normals(keyOf(seed), count * d)
  const data = z.map((v, k) => means[k % d]! + scales[k % d]! * v)
  const total = (i: number, f: (x: number, j: number) => number): number => range(d).reduce((sum, j) => sum + f(data[i * d + j]!, j), 0)
  return {
    values: { x: { shape: [count, d], data } },
    logJoint: Float64Array.from({ length: count }, (_, i) => total(i, (x) => normal(x, 0, 1)) - 3),
    logGuide: Float64Array.from({ length: count }, (_, i) => total(i, (x, j) => normal(x, means[j]!, scales[j]!)))
  }
}
/** KL(N(m, s²) ‖ N(0, 1)). */
const divergence = (means: ReadonlyArray<number>, scales: ReadonlyArray<number>): number =>
  means.reduce((sum, m, j) => sum + (scales[j]! ** 2 + m * m - 1) / 2 - Math.log(scales[j]!), 0)

describe("diagnostics", () => {
  test("of a guide that is the posterior", () => {
    const { elbo, kl, logEvidence, ess, khat, threshold, outside, meanShift, sdShift } = diagnose(misfit([0, 0], [1, 1]))
    expect([elbo.value, logEvidence.value]).toEqual([expect.closeTo(-3, 12), expect.closeTo(-3, 12)])
    expect(Math.abs(kl.value)).toBeLessThan(1e-12)
    expect(ess).toBeCloseTo(count, 6)
    expect(khat).toBeLessThan(threshold)
    expect([outside, meanShift.value, sdShift.value].every((v) => v < 1e-12)).toBe(true)
  })

  test("of normals beside one another: divergence, evidence and shifts within their errors", () => {
    const cases = fc.record({
      seed: fc.nat(1000),
      fit: fc.array(fc.tuple(fc.double({ min: -0.5, max: 0.5, noNaN: true }), fc.double({ min: 0.85, max: 1.6, noNaN: true })), {
        minLength: 1,
        maxLength: 4
      })
    })
    fc.assert(
      fc.property(cases, ({ seed, fit }) => {
        const [means, scales] = [fit.map(([m]) => m), fit.map(([, s]) => s)]
        const { elbo, kl, logEvidence, khat, threshold, meanShift, sdShift } = diagnose(misfit(means, scales, seed))
        fc.pre(khat <= threshold)
        const exact = divergence(means, scales)
        expect(Math.abs(elbo.value + 3 + exact)).toBeLessThan(5 * elbo.error + 1e-12)
        expect(Math.abs(kl.value - exact)).toBeLessThan(6 * kl.error + 1e-12)
        expect(Math.abs(logEvidence.value + 3)).toBeLessThan(6 * logEvidence.error + 1e-12)
        const [shift, ratio] = [Math.max(...means.map(Math.abs)), Math.max(...scales.map((s) => Math.abs(Math.log(s))))]
        expect(Math.abs(meanShift.value - shift)).toBeLessThan(5 * meanShift.error + 0.03)
        expect(Math.abs(sdShift.value - ratio)).toBeLessThan(5 * sdShift.error + 0.03)
      }),
      { seed: 5, numRuns: 30 }
    )
  })

  test("name the quantity that moves, by its index", () => {
    const { meanShift, sdShift } = diagnose(misfit([0, 0.4, 0], [1, 1, 1.3]))
    expect(meanShift.quantity).toBe("x[1]")
    expect(sdShift.quantity).toBe("x[2]")
  })

  test("have errors as large as the scatter from seed to seed", () => {
    const found = range(40).map((seed) => diagnose(misfit([0.2], [1.2], seed)))
    for (const pick of ["meanShift", "sdShift"] as const) {
      const values = found.map((f) => f[pick].value)
      const mean = values.reduce((a, b) => a + b, 0) / values.length
      const sd = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length)
      const error = found.reduce((sum, f) => sum + f[pick].error, 0) / found.length
      // an sd from 40 has a relative error of 11%
      expect(Math.abs(Math.log(error / sd))).toBeLessThan(0.4)
    }
  })

  test("are modest where a weight is undefined, and where all are 0", () => {
    const base = misfit([0], [1])
    const broken = { ...base, logJoint: base.logJoint.map((v, i) => (i === 17 ? NaN : v)) }
    const found = diagnose(broken, 4)
    expect(found).toMatchObject({ undefined: 1, rejected: 4, ess: 0, khat: Infinity, elbo: { value: NaN } })
    expect(verdictOf(found).kind).toBe("distrust")
    expect(verdictOf(found).text).toMatch(/at 1 of 10000 the density .* not a number\. 4 steps of the fit/)
    const nowhere = diagnose({ ...base, logJoint: base.logJoint.map(() => -Infinity) })
    expect(nowhere).toMatchObject({ outside: count, undefined: 0, elbo: { value: -Infinity } })
    expect(verdictOf(nowhere).kind).toBe("distrust")
  })

  test("count draws outside the support as weights of 0", () => {
    const base = misfit([0], [1])
    const half = { ...base, logJoint: base.logJoint.map((v, i) => (base.values["x"]!.data[i]! < -2 ? -Infinity : v)) }
    const found = diagnose(half)
    expect(found.outside).toBe(base.values["x"]!.data.filter((x) => x < -2).length)
    expect(found.elbo.value).toBe(-Infinity)
    expect(found.logEvidence.value + 3).toBeCloseTo(Math.log1p(-0.02275), 2)
    expect(verdictOf(found).text).toContain(`${found.outside} draws lie outside the model's support.`)
    expect(verdictOf(found).text).toContain("KL infinite")
  })
})

describe("the verdict", () => {
  test.each([
    ["trust", [0, 0], [1, 1]],
    ["trust", [0.03, -0.02], [1.03, 1]],
    ["reweight", [0.2, 0], [1, 1.1]],
    ["reweight", [0, 0], [1.3, 1.3]],
    ["distrust", [0, 0, 0, 0, 0], [0.55, 0.55, 0.55, 0.55, 0.55]],
    ["distrust", [5], [0.5]]
  ] as const)("is %s of means %j and scales %j", (kind, means, scales) => {
    const found = diagnose(misfit(means, scales))
    expect(verdictOf(found).kind).toBe(kind)
  })

  test("is distrust where all weights are equal because their differences are rounded away", () => {
    const base = misfit([0.5], [1])
    const found = diagnose({ ...base, logJoint: base.logJoint.map((v) => v - 1e20) })
    expect(found.ess).toBeCloseTo(count, 6)
    expect(verdictOf(found)).toMatchObject({
      kind: "distrust",
      text: expect.stringContaining("-1.0e+20 nats are rounded to multiples of 2e+4")
    })
    // large, but exact to 2⁻¹⁰
    expect(verdictOf(diagnose({ ...base, logJoint: base.logJoint.map((v) => v - 2 ** 42) })).kind).toBe("reweight")
  })

  test("of a mean field in a narrow valley is not trust", () => {
    // a posterior of correlation 0.9, the best independent guide: scales √(1 − ρ²)
    const rho = 0.9
    const s = Math.sqrt(1 - rho * rho)
    const z = normals(keyOf(4), 2 * count).map((v) => s * v)
    const sampled: Sampled = {
      values: { x: { shape: [count, 2], data: z } },
      logJoint: Float64Array.from({ length: count }, (_, i) => normal(z[2 * i]!, 0, 1) + normal(z[2 * i + 1]!, rho * z[2 * i]!, s)),
      logGuide: Float64Array.from({ length: count }, (_, i) => normal(z[2 * i]!, 0, s) + normal(z[2 * i + 1]!, 0, s))
    }
    expect(verdictOf(diagnose(sampled)).kind).not.toBe("trust")
  })

  test("has the numbers in its text", () => {
    const found = diagnose(misfit([0.2], [1.1]), 1)
    const { text } = verdictOf(found)
    for (const part of [
      found.khat.toFixed(2),
      "0.70",
      `ESS ${Math.round(found.ess)} of 10000`,
      `KL ${found.kl.value.toFixed(3)} ± ${found.kl.error.toFixed(3)} nats`,
      "1 step of the fit gave"
    ]) {
      expect(text).toContain(part)
    }
    expect(verdictOf(diagnose(misfit([5], [0.5]))).text).toMatch(/KL at least \d+\.\d\d nats/)
  })

  test("is trust only where the moments hold: normals", () => {
    const near = fc.double({ min: -1, max: 1, noNaN: true })
    const cases = fc.record({
      seed: fc.nat(100_000),
      reach: fc.double({ min: 0, max: 0.35, noNaN: true }),
      parts: fc.array(fc.tuple(near, near), { minLength: 1, maxLength: 6 })
    })
    let trusted = 0
    fc.assert(
      fc.property(cases, ({ seed, reach, parts }) => {
        const means = parts.map(([m]) => reach * m)
        const scales = parts.map(([, s]) => Math.exp(reach * s))
        const { kind } = verdictOf(diagnose(misfit(means, scales, seed)))
        const [shift, ratio] = [Math.max(...means.map(Math.abs)), Math.max(...scales.map((s) => Math.abs(Math.log(s))))]
        if (kind === "trust") {
          trusted++
          expect(shift).toBeLessThanOrEqual(0.1)
          expect(ratio).toBeLessThanOrEqual(Math.log(1.1))
        }
        // and it is not miserly with it
        if (shift < 0.05 && ratio < 0.05) expect(kind).toBe("trust")
      }),
      { seed: 8, numRuns: 60 }
    )
    expect(trusted).toBeGreaterThan(8)
  })

  test("is trust only where the moments hold: a skewed posterior and a normal guide", () => {
    // posterior: x = sinh-arcsinh of a normal; guide: a normal with its own mean and scale
    for (const skew of [0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8]) {
      const toNormal = (x: number): number => Math.sinh(Math.asinh(x) - skew)
      const logPosterior = (x: number): number =>
        normal(toNormal(x), 0, 1) + Math.log(Math.cosh(Math.asinh(x) - skew)) - 0.5 * Math.log1p(x * x)
      const grid = range(40_001).map((i) => -40 + 0.002 * i)
      const moment = (f: (x: number) => number): number => grid.reduce((sum, x) => sum + 0.002 * f(x) * Math.exp(logPosterior(x)), 0)
      const mean = moment((x) => x)
      const sd = Math.sqrt(moment((x) => (x - mean) ** 2))
      for (const seed of range(10)) {
        const [a, b] = uniforms(fold(keyOf(seed), "guide"), 2) as unknown as [number, number]
        const [m, s] = [mean + 0.3 * sd * (a - 0.5), sd * Math.exp(0.3 * (b - 0.5))]
        const x = normals(keyOf(seed), count).map((z) => m + s * z)
        const sampled: Sampled = {
          values: { x: { shape: [count], data: x } },
          logJoint: x.map(logPosterior),
          logGuide: x.map((v) => normal(v, m, s))
        }
        if (verdictOf(diagnose(sampled)).kind === "trust") {
          expect(Math.abs(m - mean) / sd).toBeLessThanOrEqual(0.1)
          expect(Math.abs(Math.log(s / sd))).toBeLessThanOrEqual(Math.log(1.1))
        }
      }
    }
  })
})
