import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as special from "../../src/special/index.ts"
import * as figures from "./figures.ts"

type Table = ReadonlyArray<ReadonlyArray<number>>

/** The largest error over a table: relative, or absolute below `floor`. */
const worst = (table: Table, f: (...x: Array<number>) => number, floor: number): readonly [error: number, row: string] =>
  table.reduce<readonly [number, string]>(
    ([error, row], entry) => {
      const expected = entry[entry.length - 1]!
      const got = f(...entry.slice(0, -1))
      const e = got === expected ? 0 : Math.abs(got - expected) / Math.max(Math.abs(expected), floor)
      return e <= error ? [error, row] : [e, `${entry.join(", ")} ≠ ${got}`]
    },
    [0, ""]
  )

const accurate = (name: string, table: Table, f: (...x: Array<number>) => number, tolerance: number, floor = 0) =>
  it(`${name} agrees with mpmath to ${tolerance}`, () => {
    const [error, row] = worst(table, f, floor)
    expect(error, row).toBeLessThanOrEqual(tolerance)
  })

describe("accuracy", () => {
  accurate("lgamma", figures.LGAMMA, special.lgamma, 4e-15)
  accurate("digamma", figures.DIGAMMA, special.digamma, 4e-15, 0.5)
  accurate("trigamma", figures.TRIGAMMA, special.trigamma, 2e-15)
  accurate("erf", figures.ERF, special.erf, 1e-15)
  accurate("erfc", figures.ERFC, special.erfc, 1e-15)
  accurate("erfinv", figures.ERFINV, special.erfinv, 1e-15)
  accurate("normalQuantile", figures.NORMAL_QUANTILE, special.normalQuantile, 1e-15)
  accurate("normalLogCdf", figures.NORMAL_LOG_CDF, special.normalLogCdf, 1e-15)
  accurate("gammaP", figures.GAMMA_P, special.gammaP, 5e-14)
  accurate(
    "gammaQ for x < 1/2",
    figures.GAMMA_Q.filter(([, x]) => x! < 0.5),
    special.gammaQ,
    1e-15,
    1
  )
  accurate(
    "gammaQ",
    figures.GAMMA_Q.filter(([, x]) => x! >= 0.5),
    special.gammaQ,
    5e-14
  )
  accurate("gammaDerivative", figures.GAMMA_DERIVATIVE, special.gammaDerivative, 1e-11)
  accurate("betaI", figures.BETA_I, special.betaI, 1e-11)
  accurate("poissonQuantile", figures.POISSON_QUANTILE, special.poissonQuantile, 0)
  accurate("binomialQuantile", figures.BINOMIAL_QUANTILE, special.binomialQuantile, 0)
})

describe("edges", () => {
  it("NaN in gives NaN out", () => {
    const { lgamma, digamma, trigamma, erf, erfc, erfinv, normalLogCdf, normalQuantile, sigmoid, softplus } = special
    for (const f of [lgamma, digamma, trigamma, erf, erfc, erfinv, normalLogCdf, normalQuantile, sigmoid, softplus])
      expect(f(NaN), f.name).toBeNaN()
    for (const f of [special.gammaP, special.gammaQ, special.gammaDerivative, special.poissonQuantile, special.logAddExp]) {
      expect(f(NaN, 0.5), f.name).toBeNaN()
      expect(f(0.5, NaN), f.name).toBeNaN()
    }
    for (const f of [special.betaI, special.binomialQuantile]) {
      expect(f(NaN, 1, 1), f.name).toBeNaN()
      expect(f(1, NaN, 1), f.name).toBeNaN()
      expect(f(1, 1, NaN), f.name).toBeNaN()
    }
  })

  it("limits and poles", () => {
    const cases: ReadonlyArray<readonly [number, number]> = [
      [special.lgamma(0), Infinity],
      [special.lgamma(-3), Infinity],
      [special.lgamma(Infinity), Infinity],
      [special.lgamma(1), 0],
      [special.lgamma(2), 0],
      [special.digamma(0), -Infinity],
      [special.digamma(-0), Infinity],
      [special.digamma(Infinity), Infinity],
      [special.digamma(-2), NaN],
      [special.trigamma(0), Infinity],
      [special.trigamma(-1), Infinity],
      [special.trigamma(Infinity), 0],
      [special.erf(Infinity), 1],
      [special.erf(-Infinity), -1],
      [special.erfc(Infinity), 0],
      [special.erfc(-Infinity), 2],
      [special.erf(-0), -0],
      [special.erfinv(1), Infinity],
      [special.erfinv(-1), -Infinity],
      [special.erfinv(1.0001), NaN],
      [special.erfinv(0), 0],
      [special.normalQuantile(0), -Infinity],
      [special.normalQuantile(1), Infinity],
      [special.normalQuantile(-0.1), NaN],
      [special.normalQuantile(1.1), NaN],
      [special.normalLogCdf(-Infinity), -Infinity],
      [special.normalLogCdf(Infinity), 0],
      [special.sigmoid(800), 1],
      [special.sigmoid(-800), 0],
      [special.softplus(800), 800],
      [special.softplus(-800), 0],
      [special.logAddExp(-Infinity, -Infinity), -Infinity],
      [special.logAddExp(-Infinity, 2), 2],
      [special.logAddExp(Infinity, -Infinity), Infinity],
      [special.gammaP(2, 0), 0],
      [special.gammaP(2, Infinity), 1],
      [special.gammaQ(2, 0), 1],
      [special.gammaQ(2, Infinity), 0],
      [special.gammaP(0, 1), NaN],
      [special.gammaP(1, -1), NaN],
      [special.gammaDerivative(-1, 1), NaN],
      [special.gammaDerivative(1, 0), 0],
      [special.betaI(0, 1, 1), 0],
      [special.betaI(1, 1, 1), 1],
      [special.betaI(1.5, 1, 1), NaN],
      [special.poissonQuantile(0, 0.5), 0],
      [special.poissonQuantile(3, 0), 0],
      [special.poissonQuantile(3, 1), Infinity],
      [special.poissonQuantile(-1, 0.5), NaN],
      [special.poissonQuantile(1, -0.1), NaN],
      [special.poissonQuantile(1, 1.1), NaN],
      [special.binomialQuantile(5, 0, 0.5), 0],
      [special.binomialQuantile(5, 1, 0.5), 5],
      [special.binomialQuantile(5, 0.5, 0), 0],
      [special.binomialQuantile(5, 0.5, 1), 5],
      [special.binomialQuantile(0, 0.5, 0.5), 0],
      [special.binomialQuantile(2.5, 0.5, 0.5), NaN],
      [special.binomialQuantile(5, 1.1, 0.5), NaN],
      [special.binomialQuantile(5, 0.5, 2), NaN]
    ]
    cases.forEach(([got, expected], i) => expect(got, `case ${i}`).toBe(expected))
  })
})

describe("identities at random arguments", () => {
  const positive = fc.double({ min: -7, max: 11, noNaN: true }).map(Math.exp)
  const unit = fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true })
  const hold = <A extends Array<unknown>>(property: fc.IProperty<A>) => fc.assert(property, { seed: 7, numRuns: 300 })

  it("erfinv inverts erf and normalQuantile inverts normalLogCdf", () => {
    hold(fc.property(unit, (p) => Math.abs(special.erf(special.erfinv(2 * p - 1)) - (2 * p - 1)) <= 4e-16))
    hold(fc.property(unit, (p) => Math.abs(special.normalLogCdf(special.normalQuantile(p)) - Math.log(p)) <= 4e-15 * (1 - Math.log(p))))
  })

  it("gammaDerivative keeps the distribution function fixed", () => {
    hold(
      fc.property(positive, fc.double({ min: -3, max: 3, noNaN: true }), (a, z) => {
        const x = a * Math.exp(z / Math.sqrt(a))
        const h = 1e-4 * a
        const along = (t: number) => special.gammaP(a + t, x + t * special.gammaDerivative(a, x))
        const fixed = Math.abs(along(h) - along(-h))
        const moving = Math.abs(special.gammaP(a + h, x) - special.gammaP(a - h, x))
        return fixed <= 1e-4 * moving + 1e-12
      })
    )
  })

  it("quantiles are the smallest that suffice", () => {
    const cdf = {
      poisson: (r: number, k: number) => special.gammaQ(k + 1, r),
      binomial: (n: number, p: number, k: number) => (k < n ? special.betaI(1 - p, n - k, k + 1) : 1)
    }
    hold(
      fc.property(positive, unit, (rate, u) => {
        const k = special.poissonQuantile(rate, u)
        return cdf.poisson(rate, k) >= u - 1e-13 && (k === 0 || cdf.poisson(rate, k - 1) <= u + 1e-13)
      })
    )
    hold(
      fc.property(fc.integer({ min: 1, max: 1e6 }), unit, unit, (n, p, u) => {
        const k = special.binomialQuantile(n, p, u)
        return k <= n && cdf.binomial(n, p, k) >= u - 1e-11 && (k === 0 || cdf.binomial(n, p, k - 1) <= u + 1e-11)
      })
    )
  })

  it("quantiles take no time for large rates", () => {
    expect(special.poissonQuantile(1e15, 0.5)).toBeCloseTo(1e15, -3)
    expect(special.poissonQuantile(1e300, 0.5) / 1e300).toBeCloseTo(1, 12)
    expect(special.binomialQuantile(2 ** 50, 0.25, 0.3) / 2 ** 48).toBeCloseTo(1, 6)
  })
})
