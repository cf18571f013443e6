import * as Effect from "effect/Effect"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { ArgumentError } from "../../src/errors.ts"
import type { NDArray } from "../../src/graph/types.ts"
import { svg } from "../../src/plot/svg.ts"
import { density, silverman } from "../../src/plot/density.ts"
import { panels } from "../../src/plot/forest.ts"
import { marginals } from "../../src/plot/marginal.ts"
import { picture } from "../../src/plot/picture.ts"

const n = 2000
/** The quantiles of a distribution at (i + 1/2) / n: draws without noise. */
const draws = (quantile: (p: number) => number): Float64Array => Float64Array.from({ length: n }, (_, i) => quantile((i + 0.5) / n))
const logistic = (location: number, scale: number) => draws((p) => location + scale * Math.log(p / (1 - p)))
const exponential = draws((p) => -Math.log1p(-p))
const scalar = (data: Float64Array): NDArray => ({ shape: [data.length], data })
const columns = (...all: ReadonlyArray<Float64Array>): NDArray => ({
  shape: [n, all.length],
  data: Float64Array.from({ length: n * all.length }, (_, i) => all[i % all.length]![Math.floor(i / all.length)]!)
})
const grid = (from: number, to: number, points: number) => Array.from({ length: points }, (_, i) => from + ((to - from) * i) / (points - 1))
const integral = ({ x, density: y }: { x: ReadonlyArray<number>; density: ReadonlyArray<number> }) =>
  x.slice(1).reduce((sum, place, i) => sum + ((place - x[i]!) * (y[i]! + y[i + 1]!)) / 2, 0)

describe("density", () => {
  it("is close to the density that was drawn from", () => {
    const values = logistic(3, 2)
    const curve = density(values, { at: grid(-20, 26, 400), bandwidth: silverman((2 * Math.PI) / Math.sqrt(3), 4 * Math.log(3), n) })
    const worst = curve.x.map((x, i) => Math.abs(curve.density[i]! - 1 / (8 * Math.cosh((x - 3) / 4) ** 2)))
    expect(Math.max(...worst)).toBeLessThan(0.006)
    expect(integral(curve)).toBeCloseTo(1, 2)
  })

  it("does not halve a density that ends at a bound", () => {
    const curve = density(exponential, { at: grid(0, 12, 600), bandwidth: 0.15, lower: 0 })
    expect(curve.density[0]).toBeGreaterThan(0.85)
    expect(integral(curve)).toBeCloseTo(1, 2)
  })

  it("integrates to one between two bounds", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 50 }), (values) => {
        const curve = density(values, { at: grid(0, 1, 2001), bandwidth: 0.05, lower: 0, upper: 1 })
        expect(integral(curve)).toBeCloseTo(1, 3)
      }),
      { seed: 2, numRuns: 30 }
    )
  })
})

describe("marginals", () => {
  it("names scalars by site and indices, row-major, with their quantiles", () => {
    const grown = { shape: [2, 2, 3], data: Float64Array.from({ length: 12 }, (_, i) => i) }
    const named = marginals({ theta: columns(logistic(0, 1), logistic(5, 1)), tau: scalar(exponential), L: grown })
    expect(named.map(({ name }) => name)).toEqual([
      "theta[0]",
      "theta[1]",
      "tau",
      ...[0, 1].flatMap((i) => [0, 1, 2].map((j) => `L[${i},${j}]`))
    ])
    expect(named[1]!.quantiles[3]).toBeCloseTo(5, 6)
    expect(named[2]!.quantiles[5]).toBeCloseTo(Math.log(20), 2)
    expect(Array.from(named.at(-1)!.values)).toEqual([5, 11])
  })

  it("reflects at the bounds that draws show, and only there", () => {
    const [positive, unit, far] = marginals({ a: scalar(exponential), b: scalar(draws((p) => p)), c: scalar(logistic(100, 1)) })
    expect(positive!.curve.x[0]).toBe(0)
    expect(Math.max(...unit!.curve.x)).toBe(1)
    expect(far!.curve.x[0]).toBeGreaterThan(50)
  })

  it("refuses draws that are not finite, naming the scalar and the draw", () => {
    const bad = logistic(0, 1)
    bad[7] = Number.NaN
    expect(() => marginals({ theta: columns(logistic(0, 1), bad) })).toThrow(/theta\[1\].*NaN at draw 7/)
  })
})

describe("panels", () => {
  it("share an axis among scalars of comparable scale and separate the others", () => {
    const rows = marginals({
      mu: scalar(logistic(4, 2)),
      tau: scalar(exponential),
      beta: columns(logistic(26, 3), logistic(0.6, 0.03)),
      p: scalar(draws((p) => p))
    })
    expect(panels(rows).map((panel) => panel.map(({ name }) => name))).toEqual([["mu", "tau"], ["beta[0]"], ["beta[1]", "p"]])
    const alike = marginals({ theta: columns(logistic(0, 1), logistic(5, 2)), mu: scalar(logistic(2, 1)) })
    expect(panels(alike)).toHaveLength(1)
  })

  it("keep every row, in order", () => {
    const scale = fc.double({ min: 1e-3, max: 1e3, noNaN: true })
    fc.assert(
      fc.property(fc.array(fc.tuple(scale, scale), { minLength: 1, maxLength: 8 }), (entries) => {
        const rows = marginals(
          Object.fromEntries(
            entries.map(([location, width], i) => [`x${i}`, scalar(logistic(location, width).filter((_, j) => j % 50 === 0))])
          )
        )
        expect(panels(rows).flat()).toEqual(rows)
      }),
      { seed: 3, numRuns: 20 }
    )
  })
})

describe("picture", () => {
  const posterior = { theta: columns(logistic(6, 3), logistic(5, 2)), tau: scalar(exponential) }

  it("renders every name, the title, the verdict and the reference as SVG without a browser", async () => {
    const specification = picture(posterior, {
      title: "Two schools",
      verdict: "k-hat 0.31 (threshold 0.70)",
      reference: { label: "observed effect", values: { "theta[0]": 28 } },
      pairs: [{ x: "theta[0]", y: "tau", log: ["tau"] }],
      labels: { "theta[1]": "Choate" }
    })
    const drawn = await Effect.runPromise(svg(specification))
    for (const text of ["Two schools", "k-hat 0.31", "diamond: observed effect", "theta[0]", "Choate", "tau (log scale)"])
      expect(drawn).toContain(text)
    expect(drawn).not.toContain("theta[1]")
    expect(drawn).not.toMatch(/NaN|Infinity|undefined/)
    expect(drawn.startsWith("<svg")).toBe(true)
  })

  it("keeps what an axis can't show an error that says so", () => {
    expect(() => picture(posterior, { title: "", pairs: [{ x: "theta[2]", y: "tau" }] })).toThrow(ArgumentError)
    expect(() => picture(posterior, { title: "", pairs: [{ x: "theta[2]", y: "tau" }] })).toThrow(/theta\[0\], theta\[1\], tau.*theta\[2\]/)
    expect(() => picture(posterior, { title: "", pairs: [{ x: "theta[0]", y: "tau", log: ["theta[0]"] }] })).toThrow(/positive/)
  })

  it("says what could not be drawn", async () => {
    const failure = await Effect.runPromise(Effect.flip(svg({ mark: "no such mark", encoding: {} })))
    expect(failure._tag).toBe("PictureError")
  })
})
