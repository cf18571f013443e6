/** Posteriors that are known exactly. */
import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import { fullRank, meanField, neuralSplineFlow } from "../../guides/index.ts"
import { Beta, Binomial, Gamma, HalfNormal, Normal, Poisson } from "../../src/distribution/index.ts"
import { fit } from "../../src/fit/index.ts"
import { parameter } from "../../src/learnable/index.ts"
import { model, observe, param, plate, sample } from "../../src/model/index.ts"
import type { Posterior } from "../../src/posterior/posterior.ts"
import { lgamma } from "../../src/special/index.ts"
import { eliminate } from "../../src/testing/matrices.ts"
import { normals } from "../support/numbers.ts"
import { normal } from "../model/oracle.ts"

const run = Effect.runPromise
const log2pi = Math.log(2 * Math.PI)
const range = (n: number): ReadonlyArray<number> => Array.from({ length: n }, (_, i) => i)
const total = (values: ReadonlyArray<number>): number => values.reduce((a, b) => a + b, 0)
const flow = neuralSplineFlow({ couplings: 2, hidden: [16] })

/** What 10,000 draws may miss: the share of a few of them. */
const missed = 5e-4

/** Means and standard deviations of the guide's 10,000 fresh draws, within five of their standard errors and `room`. */
const holdsMoments = (
  posterior: Posterior<never>,
  exact: Readonly<Record<string, readonly [mean: number, sd: number]>>,
  room = 0
): void => {
  for (const [name, [mean, sd]] of Object.entries(exact)) {
    const row = posterior.summary.find((r) => r.name === name)!
    expect(Math.abs(row.mean - mean) / sd, `mean of ${name}`).toBeLessThan(0.05 + room)
    expect(Math.abs(Math.log(row.sd / sd)), `sd of ${name}`).toBeLessThan(5 / Math.sqrt(20_000) + room)
  }
}

describe("the mean of a normal", () => {
  const location = model(function* (y: ReadonlyArray<number>, sd: number) {
    const mu = yield* sample("mu", Normal(1, 3))
    yield* plate("row", { y }, function* (row) {
      yield* observe("y", Normal(mu, sd), row.y)
    })
  })
  const y = [2.2, 0.1, 5, 3.3]
  const [precision, sd] = [1 / 9 + 4 / 4, 1 / Math.sqrt(1 / 9 + 4 / 4)]
  const mean = (1 / 9 + total(y) / 4) / precision
  // p(y) = p(mu) p(y | mu) / p(mu | y) at any mu
  const evidence = normal(0, 1, 3) + total(y.map((v) => normal(v, 0, 2))) - normal(0, mean, sd)

  test.each([
    ["full rank", fullRank()],
    ["mean field", meanField()]
  ])("%s is exact, and so is all that is said of it", async (_, guide) => {
    const posterior = await run(fit(location(y, 2), guide, { steps: 400, draws: 8 }))
    expect(posterior.diagnostics.elbo.value).toBeCloseTo(evidence, 8)
    expect(posterior.diagnostics.elbo.error).toBeLessThan(1e-8)
    expect(posterior.diagnostics.logEvidence.value).toBeCloseTo(evidence, 8)
    expect(Math.abs(posterior.diagnostics.kl.value)).toBeLessThan(1e-8)
    expect(posterior.diagnostics.ess).toBeCloseTo(10_000, 3)
    expect(posterior.verdict.kind).toBe("trust")
    for (const mu of [-3, mean, 4]) expect(await run(posterior.logDensity({ mu }))).toBeCloseTo(normal(mu, mean, sd), 6)
    holdsMoments(posterior as Posterior<never>, { mu: [mean, sd] })
  })

  test("a guide written by hand finds it from afar, and comes to rest there", async () => {
    const guide = model(function* () {
      const at = yield* param("at", parameter(-2))
      const scale = yield* param("scale", parameter(1))
      yield* sample("mu", Normal(at, tf.exp(scale)))
    })
    const posterior = await run(fit(location(y, 2), guide(), { steps: 1200, draws: 8, learningRate: 0.05 }))
    // no variance at the optimum: the path derivative goes all the way
    expect(posterior.diagnostics.kl.value).toBeLessThan(1e-6)
    for (const mu of [0, 4]) expect(await run(posterior.logDensity({ mu }))).toBeCloseTo(normal(mu, mean, sd), 3)
  })
})

describe("linear regression with known noise", () => {
  const regression = model(function* (x: ReadonlyArray<ReadonlyArray<number>>, y: ReadonlyArray<number>) {
    const beta = yield* sample("beta", Normal([0, 0, 0], 2))
    yield* plate("row", { x, y }, function* (row) {
      yield* observe("y", Normal(tf.dot(row.x, beta), 0.7), row.y)
    })
  })

  test("full rank is the posterior: mean, covariance, density, evidence", async () => {
    const cases = fc.record({ seed: fc.nat(1000), rows: fc.integer({ min: 2, max: 9 }), lift: fc.double({ min: 0, max: 5, noNaN: true }) })
    await fc.assert(
      fc.asyncProperty(cases, async ({ seed, rows, lift }) => {
        const d = 3
        const z = normals(seed, rows * (d + 1))
        // columns that `lift` correlates
        const x = range(rows).map((i) => range(d).map((j) => lift + z[i * d + j]!))
        const y = range(rows).map((i) => 2 * z[rows * d + i]! + x[i]![0]!)
        const precision = range(d).map((i) => range(d).map((j) => (i === j ? 1 / 4 : 0) + total(x.map((row) => row[i]! * row[j]!)) / 0.49))
        const b = range(d).map((i) => total(x.map((row, k) => row[i]! * y[k]!)) / 0.49)
        const mean = solve(precision, b)
        const { logDet } = eliminate(precision)
        const logPosterior = (beta: ReadonlyArray<number>): number => {
          const r = beta.map((v, i) => v - mean[i]!)
          return (
            -0.5 * total(range(d).map((i) => r[i]! * total(range(d).map((j) => precision[i]![j]! * r[j]!)))) +
            0.5 * logDet -
            (d / 2) * log2pi
          )
        }
        const zero = range(d).map(() => 0)
        const evidence = d * normal(0, 0, 2) + total(y.map((v) => normal(v, 0, 0.7))) - logPosterior(zero)

        const posterior = await run(fit(regression(x, y), fullRank(), { steps: 400, draws: 8, seed }))
        expect(posterior.diagnostics.elbo.value).toBeCloseTo(evidence, 6)
        expect(posterior.diagnostics.elbo.error).toBeLessThan(1e-6)
        for (const scale of [0, 1, -2]) {
          const beta = mean.map((m, i) => m + scale * (i + 1))
          const expected = logPosterior(beta)
          expect(Math.abs((await run(posterior.logDensity({ beta }))) - expected) / (1 + Math.abs(expected))).toBeLessThan(1e-5)
        }
        const covariance = range(d).map((i) =>
          solve(
            precision,
            range(d).map((j) => (i === j ? 1 : 0))
          )
        )
        holdsMoments(
          posterior as Posterior<never>,
          Object.fromEntries(range(d).map((i) => [`beta[${i}]`, [mean[i]!, Math.sqrt(covariance[i]![i]!)]]))
        )
        const { data } = (await run(posterior.draws(10_000))).beta
        for (const [i, j] of [
          [0, 1],
          [1, 2]
        ] as const) {
          const spread = Math.sqrt(covariance[i]![i]! * covariance[j]![j]!)
          const sampled = total(range(10_000).map((k) => (data[3 * k + i]! - mean[i]!) * (data[3 * k + j]! - mean[j]!))) / 10_000
          // the sd of a product of normals is at most √2 times that of their own
          expect(Math.abs(sampled - covariance[i]![j]!) / spread).toBeLessThan((5 * Math.SQRT2) / 100)
        }
      }),
      { seed: 11, numRuns: 5 }
    )
  })
})

describe("conjugate pairs by a spline flow", () => {
  test("beta and binomial", async () => {
    const [a, b, n, k] = [1.5, 2.5, 12, 9]
    const coin = model(function* () {
      const p = yield* sample("p", Beta(a, b))
      yield* observe("k", Binomial(n, tf.log(tf.div(p, tf.sub(1, p)))), k)
    })
    const logBeta = (x: number, y: number): number => lgamma(x) + lgamma(y) - lgamma(x + y)
    const evidence = logBeta(a + k, b + n - k) - logBeta(a, b) + lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
    const [alpha, beta] = [a + k, b + n - k]
    const posterior = await run(fit(coin(), flow, { steps: 300, draws: 32, learningRate: 0.02 }))
    const { elbo, logEvidence, kl } = posterior.diagnostics
    expect(Math.abs(logEvidence.value - evidence)).toBeLessThan(5 * logEvidence.error + missed)
    expect(evidence - elbo.value).toBeGreaterThan(-5 * elbo.error)
    expect(Math.abs(evidence - elbo.value - kl.value)).toBeLessThan(5 * (elbo.error + kl.error) + missed)
    expect(kl.value).toBeLessThan(0.005)
    for (const p of [0.4, 0.6, 0.75, 0.9]) {
      const exact = (alpha - 1) * Math.log(p) + (beta - 1) * Math.log1p(-p) - logBeta(alpha, beta)
      expect(Math.abs((await run(posterior.logDensity({ p }))) - exact)).toBeLessThan(0.1)
    }
    holdsMoments(
      posterior as Posterior<never>,
      { p: [alpha / (alpha + beta), Math.sqrt((alpha * beta) / (alpha + beta + 1)) / (alpha + beta)] },
      0.03
    )
  })

  test("gamma and Poisson", async () => {
    const [a, b, counts] = [2, 0.5, [3, 0, 4, 2]]
    const shop = model(function* (y: ReadonlyArray<number>) {
      const rate = yield* sample("rate", Gamma(a, b))
      yield* plate("day", { y }, function* (day) {
        yield* observe("y", Poisson(rate), day.y)
      })
    })
    const [shape, rate] = [a + total(counts), b + counts.length]
    const evidence = a * Math.log(b) - lgamma(a) + lgamma(shape) - shape * Math.log(rate) - total(counts.map((c) => lgamma(c + 1)))
    const posterior = await run(fit(shop(counts), flow, { steps: 300, draws: 32, learningRate: 0.02 }))
    const { logEvidence, kl } = posterior.diagnostics
    expect(Math.abs(logEvidence.value - evidence)).toBeLessThan(5 * logEvidence.error + missed)
    expect(kl.value).toBeLessThan(0.005)
    holdsMoments(posterior as Posterior<never>, { rate: [shape / rate, Math.sqrt(shape) / rate] }, 0.03)
  })
})

test("mean and scale of a normal, by quadrature", async () => {
  const y = [1.2, -0.4, 2.9]
  const logJoint = (mu: number, sigma: number): number =>
    normal(mu, 0, 3) + Math.log(2) + normal(sigma, 0, 2) + total(y.map((v) => normal(v, mu, sigma)))
  // trapezia in mu and log sigma: smooth, and gone at both ends
  const h = 0.04
  const points = range(500).flatMap((i) => range(260).map((j) => ({ mu: -10 + i * h, u: -6 + j * h, sigma: Math.exp(-6 + j * h) })))
  const masses = points.map(({ mu, u, sigma }) => Math.exp(logJoint(mu, sigma) + u) * h * h)
  const evidence = total(masses)
  const expectation = (f: (p: { readonly mu: number; readonly sigma: number }) => number): number =>
    total(points.map((p, i) => f(p) * masses[i]!)) / evidence
  const moments = (f: (p: { readonly mu: number; readonly sigma: number }) => number): readonly [number, number] => {
    const mean = expectation(f)
    return [mean, Math.sqrt(expectation((p) => (f(p) - mean) ** 2))]
  }

  const both = model(function* (data: ReadonlyArray<number>) {
    const mu = yield* sample("mu", Normal(0, 3))
    const sigma = yield* sample("sigma", HalfNormal(2))
    yield* plate("row", { data }, function* (row) {
      yield* observe("y", Normal(mu, sigma), row.data)
    })
  })
  const posterior = await run(fit(both(y), flow, { steps: 500, draws: 32, learningRate: 0.01 }))
  const { logEvidence, kl, elbo } = posterior.diagnostics
  expect(Math.abs(logEvidence.value - Math.log(evidence))).toBeLessThan(5 * logEvidence.error + missed)
  expect(Math.abs(Math.log(evidence) - elbo.value - kl.value)).toBeLessThan(5 * (elbo.error + kl.error) + missed)
  expect(kl.value).toBeLessThan(0.02)
  holdsMoments(posterior as Posterior<never>, { mu: moments(({ mu }) => mu), sigma: moments(({ sigma }) => sigma) }, 0.07)
})

/** The solution of a linear system. */
const solve = (matrix: ReadonlyArray<ReadonlyArray<number>>, b: ReadonlyArray<number>): ReadonlyArray<number> => {
  const rows = matrix.map((row, i) => [...row, b[i]!])
  const d = b.length
  for (let i = 0; i < d; i++)
    for (let k = i + 1; k < d; k++) {
      const factor = rows[k]![i]! / rows[i]![i]!
      for (let j = i; j <= d; j++) rows[k]![j]! -= factor * rows[i]![j]!
    }
  const x = new Array<number>(d).fill(0)
  for (let i = d - 1; i >= 0; i--) x[i] = (rows[i]![d]! - total(x.slice(i + 1).map((v, k) => v * rows[i]![i + 1 + k]!))) / rows[i]![i]!
  return x
}
