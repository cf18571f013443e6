import * as Effect from "effect/Effect"
import { prior } from "pushforward"
import { beforeAll, describe, expect, it } from "vitest"
import { doubleMoonPoints, doubleMoonPosterior, type GridPosterior, logLikelihood } from "../../models/gallery/targets/index.ts"
import { gaussLegendre } from "../../models/gallery/targets/quadrature.ts"
import { meanOf, rowsOf } from "./targetsSupport.ts"

const logPrior = -Math.log(0.25 * 1)

/** Evidence and means by the middles of many cells of the prior. */
const byMidpoints = (points: ReadonlyArray<ReadonlyArray<number>>, [n0, n1, d0, d1]: ReadonlyArray<number>, cells: number) => {
  const terms = Array.from({ length: cells * cells }, (_, k) => {
    const noise = n0! + ((n1! - n0!) * (Math.floor(k / cells) + 0.5)) / cells
    const dilation = d0! + ((d1! - d0!) * ((k % cells) + 0.5)) / cells
    return { noise, dilation, logJoint: logPrior + logLikelihood(points, noise, dilation) }
  })
  const largest = Math.max(...terms.map(({ logJoint }) => logJoint))
  const weights = terms.map(({ logJoint }) => Math.exp(logJoint - largest))
  const total = weights.reduce((a, b) => a + b, 0)
  const mean = (of: "noise" | "dilation") => terms.reduce((sum, term, k) => sum + weights[k]! * term[of], 0) / total
  return {
    logEvidence: largest + Math.log((total * (n1! - n0!) * (d1! - d0!)) / cells ** 2),
    mean: [mean("noise"), mean("dilation")] as const
  }
}

describe.each([
  { size: 3, box: [0.05, 0.3, 0.5, 1.5], cells: 120, seed: 1, close: 1e-4 },
  { size: 40, box: undefined, cells: 60, seed: 2, close: 1e-5 }
])("the posterior of $size points", ({ size, box, cells, seed, close }) => {
  let points: ReadonlyArray<ReadonlyArray<number>>
  let posterior: GridPosterior
  beforeAll(async () => {
    const { x } = await Effect.runPromise(prior(doubleMoonPoints({ size }), { draws: 1, seed }))
    points = rowsOf({ shape: [size, 2], data: x.data })
    posterior = doubleMoonPosterior(points)
  })

  it("is that of a sum over a grid of another kind", () => {
    const [[noise, dilation], [sdNoise, sdDilation]] = [posterior.mean, posterior.sd]
    const about = [
      Math.max(0.05, noise - 9 * sdNoise),
      Math.min(0.3, noise + 9 * sdNoise),
      Math.max(0.5, dilation - 9 * sdDilation),
      Math.min(1.5, dilation + 9 * sdDilation)
    ]
    const other = byMidpoints(points, box ?? about, cells)
    expect(Math.abs(posterior.logEvidence - other.logEvidence)).toBeLessThan(close)
    expect(Math.abs(noise - other.mean[0])).toBeLessThan(close)
    expect(Math.abs(dilation - other.mean[1])).toBeLessThan(close)
  })

  it("has a density that integrates to one, and is nothing outside the prior", () => {
    expect(posterior.expectation(() => 1)).toBeCloseTo(1, 12)
    const [noise, dilation] = posterior.mean
    expect(posterior.logDensity(noise, dilation)).toBeCloseTo(logPrior + logLikelihood(points, noise, dilation) - posterior.logEvidence, 10)
    expect(posterior.logDensity(0.04, dilation)).toBe(-Infinity)
    expect(posterior.logDensity(noise, 1.6)).toBe(-Infinity)
  })

  it("draws what its density says", async () => {
    const draws = rowsOf(await Effect.runPromise(posterior.draws(4000, 3)))
    const moments: ReadonlyArray<(noise: number, dilation: number) => number> = [
      (noise) => noise,
      (_, dilation) => dilation,
      (noise) => (noise - posterior.mean[0]) ** 2,
      (_, dilation) => (dilation - posterior.mean[1]) ** 2,
      (noise, dilation) => (noise - posterior.mean[0]) * (dilation - posterior.mean[1])
    ]
    for (const f of moments) {
      const { mean, error } = meanOf(draws.map(([noise, dilation]) => f(noise!, dilation!)))
      expect(Math.abs(mean - posterior.expectation(f))).toBeLessThan(4 * error)
    }
  })
})

describe("exact posteriors over data sets of the prior", () => {
  it("are calibrated: errors in units of the posterior's have mean 0 and variance 1", async () => {
    const sets = 25
    const { noise, dilation, x } = await Effect.runPromise(prior(doubleMoonPoints({ size: 10 }), { draws: sets, seed: 4 }))
    const standardised = Array.from({ length: sets }, (_, i) => {
      const posterior = doubleMoonPosterior(rowsOf({ shape: [10, 2], data: x.data.subarray(20 * i, 20 * i + 20) }))
      return [(noise.data[i]! - posterior.mean[0]) / posterior.sd[0], (dilation.data[i]! - posterior.mean[1]) / posterior.sd[1]] as const
    })
    for (const k of [0, 1] as const) {
      const errors = standardised.map((pair) => pair[k])
      const { mean, error } = meanOf(errors)
      expect(Math.abs(mean)).toBeLessThan(4 * error)
      const square = meanOf(errors.map((e) => e * e))
      expect(Math.abs(square.mean - 1)).toBeLessThan(4 * square.error)
    }
  })
})

it("the posterior of one point of known evidence", () => {
  // by Gauss–Legendre quadrature with 64 × 64 nodes over the whole prior
  const [noise, dilation] = [gaussLegendre(64, 0.05, 0.3), gaussLegendre(64, 0.5, 1.5)]
  const points = [[0.4, 0.5]]
  let evidence = 0
  noise.nodes.forEach((s, i) =>
    dilation.nodes.forEach((d, j) => {
      evidence += (noise.weights[i]! / 0.25) * dilation.weights[j]! * Math.exp(logLikelihood(points, s, d))
    })
  )
  expect(Math.abs(doubleMoonPosterior(points).logEvidence - Math.log(evidence))).toBeLessThan(1e-8)
})
