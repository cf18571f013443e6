import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import { expect, test } from "vitest"
import { fitMoons, moonsAt } from "../../models/gallery/amortisedMoons/fit.ts"
import { compare, distanceOf, moonSets, pointsOf, rankedAmong, ranksOf } from "../../models/gallery/amortisedMoons/judged.ts"
import { c2st } from "../../models/gallery/amortisedMoons/c2st.ts"
import { DoubleMoon } from "../../models/gallery/targets/doubleMoonDistribution.ts"
import { doubleMoonPosterior } from "../../models/gallery/targets/doubleMoonPosterior.ts"
import { moonsLogDensity } from "../../models/gallery/targets/moons.ts"
import { forwardKL, type NDArray } from "../../src/index.ts"
import { exp, normalLogCdf } from "../../src/special/index.ts"
import { evaluate } from "../../src/trace/evaluate.ts"
import { normals } from "../support/numbers.ts"

const normalCdf = (x: number): number => exp(normalLogCdf(x))

const sample = (seed: number, n: number, shift: number): NDArray => ({
  shape: [n, 2],
  data: Float64Array.from(normals(seed, 2 * n), (z, i) => 30 * z + (i % 2 === 0 ? 30 * shift : 0))
})

test("a classifier tells two normal samples apart as often as the best one does, in any units", () => {
  const n = 1000
  for (const [seed, shift] of [
    [1, 0],
    [2, 0.5],
    [3, 2]
  ] as const) {
    // the best accuracy is Φ(d/2); by k nearest neighbours it is less, by about a point
    const best = normalCdf(shift / 2)
    const accuracy = c2st(sample(seed, n, 0), sample(seed + 10, n, shift))
    const error = Math.sqrt(0.25 / (2 * n))
    expect(accuracy).toBeGreaterThan(best - 0.02 - 4 * error)
    expect(accuracy).toBeLessThan(best + 4 * error)
  }
})

test("distances by quadrature are those of two normal densities", () => {
  const step = 0.02
  const grid = Array.from({ length: 1000 }, (_, i) => (i - 500) * step)
  const logNormal = (x: number, mean: number, sd: number): number => -0.5 * ((x - mean) / sd) ** 2 - Math.log(sd * Math.sqrt(2 * Math.PI))
  const logDensity = Float64Array.from(grid, (x) => logNormal(x, 0, 1))
  const nodes = { noise: logDensity, dilation: logDensity, logDensity, weight: logDensity.map(() => step) }
  const [mean, sd] = [0.3, 0.8]
  const wide = distanceOf(
    nodes,
    Float64Array.from(grid, (x) => logNormal(x, mean, sd))
  )
  expect(wide.forward).toBeCloseTo(Math.log(sd) + (1 + mean ** 2) / (2 * sd ** 2) - 0.5, 9)
  expect(wide.reverse).toBeCloseTo(-Math.log(sd) + (sd ** 2 + mean ** 2) / 2 - 0.5, 9)
  const moved = distanceOf(
    nodes,
    Float64Array.from(grid, (x) => logNormal(x, mean, 1))
  )
  expect(moved.bestClassifier).toBeCloseTo(normalCdf(mean / 2), 4)
})

test("they are finite where one of the densities is almost nothing", () => {
  const logDensity = Float64Array.of(0, -851)
  const nodes = { noise: logDensity, dilation: logDensity, logDensity, weight: Float64Array.of(1, 1) }
  const { forward, reverse, bestClassifier } = distanceOf(nodes, Float64Array.of(0, -15))
  expect(forward).toBe(0)
  expect(reverse).toBeCloseTo(836 * Math.exp(-15), 12)
  expect(bestClassifier).toBeCloseTo(0.5 + Math.exp(-15) / 4, 12)
  expect(distanceOf(nodes, Float64Array.of(0, -900))).toEqual({ forward: 0, reverse: 0, bestClassifier: 0.5 })
})

test("64 angles are enough for the likelihood", () => {
  const worst = (noise: number, dilation: number): number => {
    const n = 60
    const exact = moonsLogDensity(noise, dilation)
    const z = normals(5, 2 * n)
    const points = Array.from({ length: n }, (_, i) => {
      const t = (Math.PI * (i + 0.5)) / n
      return [Math.cos(t) - 0.5 + noise * z[2 * i]!, dilation * Math.sin(t) - 0.25 + noise * z[2 * i + 1]!]
    })
    const [out] = evaluate(() => tf.stack(points.map((x) => DoubleMoon(noise, dilation, 64).logProb(tf.tensor(x)))), [])
    return Math.max(...points.map((x, i) => Math.abs(out!.data[i]! - exact(x))))
  }
  expect(worst(0.05, 1.5)).toBeLessThan(4e-3)
  // single-precision literals are what is left
  expect(worst(0.08, 1.5)).toBeLessThan(2e-5)
})

test("a fit is asked about sets of all sizes, and knows no order", async () => {
  await Effect.runPromise(
    Effect.gen(function* () {
      const fitted = yield* fitMoons(forwardKL(), { steps: 3 })
      const sets = yield* moonSets(4, 1)
      expect(sets.map(({ x }) => x.shape[0])).toEqual([8, 28, 89, 281])
      const { x } = sets[1]!
      const reversed: NDArray = { shape: x.shape, data: pointsReversed(x) }
      const [one, other] = [yield* fitted.draws(moonsAt(x), 20), yield* fitted.draws(moonsAt(reversed), 20)]
      pointsOf(one).data.forEach((v, i) => expect(pointsOf(other).data[i]).toBeCloseTo(v, 5))
      const exact = doubleMoonPosterior(Array.from({ length: 8 }, (_, k) => sets[0]!.x.data.subarray(2 * k, 2 * k + 2)))
      const judged = yield* compare(fitted, sets[0]!, exact)
      expect(judged.forward).toBeGreaterThan(0)
      expect(judged.bestClassifier).toBeGreaterThan(judged.c2st - 0.05)
      const ranks = yield* ranksOf(fitted, sets)
      for (const rank of [...ranks.noise, ...ranks.dilation]) {
        expect(rank).toBeGreaterThanOrEqual(0)
        expect(rank).toBeLessThanOrEqual(rankedAmong)
      }
    })
  )
}, 60_000)

const pointsReversed = ({ data }: NDArray): Float64Array =>
  Float64Array.from({ length: data.length }, (_, i) => data[data.length - 2 - 2 * (i >> 1) + (i % 2)]!)
