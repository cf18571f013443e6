import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { logBesselI0, logBesselI0Tensor } from "../../models/gallery/targets/bessel.ts"
import { gaussLegendre, interpolation, lineMoments, planeMoments } from "../../models/gallery/targets/quadrature.ts"
import { byTensor } from "./targetsSupport.ts"

describe("Gauss–Legendre quadrature", () => {
  it("is exact for polynomials of degree 2n − 1", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 60 }), fc.double({ min: -2, max: 0, noNaN: true }), (n, from) => {
        const { nodes, weights } = gaussLegendre(n, from, 1)
        const degree = 2 * n - 1
        const sum = nodes.reduce((total, x, i) => total + weights[i]! * ((x - from) / (1 - from)) ** degree, 0)
        expect(sum / (1 - from)).toBeCloseTo(1 / (degree + 1), 13)
      }),
      { seed: 1, numRuns: 50 }
    )
  })

  it("has the nodes and weights that are known for 2, 3 and 5", () => {
    expect(gaussLegendre(2, -1, 1).nodes[1]).toBeCloseTo(Math.sqrt(1 / 3), 15)
    expect(Array.from(gaussLegendre(3, -1, 1).weights)).toEqual([5 / 9, 8 / 9, 5 / 9].map((w) => expect.closeTo(w, 14)))
    expect(gaussLegendre(5, -1, 1).nodes[4]).toBeCloseTo(Math.sqrt(5 + 2 * Math.sqrt(10 / 7)) / 3, 15)
  })
})

it("the Bessel function is mpmath's, on the host and as a tensor", () => {
  // mpmath 1.3 with 30 digits: log(besseli(0, k) exp(−k))
  const figures = { 0: 0, 0.5: -0.438450280814518696, 20: -2.41038957175572571, 900: -4.31999694872798412 }
  const kappas = Object.keys(figures).map(Number)
  for (const [kappa, value] of Object.entries(figures)) expect(logBesselI0(Number(kappa))).toBeCloseTo(value, 13)
  const tensor = byTensor(logBesselI0Tensor, { shape: [4], data: Float64Array.from(kappas) })
  kappas.forEach((kappa, i) => expect(Math.abs(tensor[i]! - logBesselI0(kappa))).toBeLessThan(1e-8))
})

it("interpolation gives back polynomials", () => {
  const { nodes } = gaussLegendre(12, 0.3, 2)
  const f = (x: number): number => 1 - x + 3 * x ** 7 - x ** 11
  const places = Float64Array.of(0.3, 0.9, nodes[4]!, 1.99)
  interpolation(nodes, places).forEach((weights, k) =>
    expect(weights.reduce((sum, w, i) => sum + w * f(nodes[i]!), 0) / f(places[k]!)).toBeCloseTo(1, 11)
  )
})

it("moments of a normal density are one and its entropy", () => {
  const sd = 0.7
  const normal = (x: number): number => -0.5 * (x / sd) ** 2 - 0.5 * Math.log(2 * Math.PI * sd ** 2)
  const entropy = 0.5 + 0.5 * Math.log(2 * Math.PI * sd ** 2)
  const line = lineMoments(normal, [-8, 8], 0.3)
  expect(line.mass).toBeCloseTo(1, 13)
  expect(line.entropy).toBeCloseTo(entropy, 13)
  const plane = planeMoments(([x, y]) => normal(x) + normal(y), [-8, 8], [-8, 8], 0.3)
  expect(plane.mass).toBeCloseTo(1, 13)
  expect(plane.entropy).toBeCloseTo(2 * entropy, 12)
})
