/** What a posterior gives: draws, densities, weights, predictions, and that they are of one distribution. */
import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import { beforeAll, describe, expect, test } from "vitest"
import { fullRank, meanField, neuralSplineFlow, realNVP } from "../../guides/index.ts"
import { interval, ordered, positive, simplex } from "../../src/constraint/index.ts"
import { Dirichlet, ImproperUniform, Normal } from "../../src/distribution/index.ts"
import { reference } from "../../src/engine/reference/reference.ts"
import { fit } from "../../src/fit/index.ts"
import type { Params } from "../../src/learnable/index.ts"
import { parameter } from "../../src/learnable/index.ts"
import { deterministic, factor, logJoint, model, observe, param, plate, sample, trace } from "../../src/model/index.ts"
import type { Posterior } from "../../src/posterior/posterior.ts"
import { posteriorOf } from "../../src/posterior/posterior.ts"
import type { Fitted } from "../../src/posterior/sampler.ts"
import { sampleGuide } from "../../src/posterior/sampler.ts"
import { unflatten } from "../../src/learnable/tree.ts"
import type { Program } from "../../src/model/site.ts"
import { keyOf } from "../../src/random/key.ts"
import type { AnyGuide } from "../inference/support.ts"
import { approximate, byHand, range, shaken } from "../inference/support.ts"
import { mean, normal, variance } from "../model/oracle.ts"

const run = Effect.runPromise

/** A latent of every constraint, one whose bound is another, and some in a plate. */
const everything = model(function* () {
  const a = yield* sample("a", ImproperUniform(positive))
  yield* sample("b", ImproperUniform(interval(-1, a)))
  yield* sample("p", Dirichlet([1, 2, 3]))
  yield* sample("o", ImproperUniform(ordered, [3]))
  yield* plate("row", 2, function* () {
    yield* sample("z", ImproperUniform(simplex, [2]))
    yield* sample("x", Normal([0, 1], 2))
  })
  yield* factor("tilt", tf.neg(a))
})

const muTau = model(function* () {
  const mu = yield* sample("mu", Normal(0.5, 1.5))
  const tau = yield* sample("tau", ImproperUniform(positive))
  yield* observe("y", Normal(tf.tanh(mu), tau), 0.8)
})

const fittedAt = (guide: AnyGuide, m: Program<unknown> = everything()): Fitted => {
  const approximation = approximate(m, guide)
  const { tree, vector } = shaken(approximation, 0.1)
  return { approximation, engine: reference(), params: unflatten(tree, vector) as Fitted["params"] }
}

/** The i-th of some draws. */
const at = (values: Readonly<Record<string, { readonly shape: ReadonlyArray<number>; readonly data: ArrayLike<number> }>>, i: number) =>
  Object.fromEntries(
    Object.entries(values).map(([name, { shape, data }]) => {
      const size = shape.slice(1).reduce((n, d) => n * d, 1)
      return [name, { shape: shape.slice(1), data: Float64Array.from(range(size), (k) => data[i * size + k]!) }]
    })
  )

describe("draws and densities are of one distribution", () => {
  const guides: ReadonlyArray<readonly [string, Fitted]> = [
    ...Object.entries({
      "mean field": meanField(),
      "full rank": fullRank(),
      RealNVP: realNVP({ couplings: 3, hidden: [5] }),
      "neural spline flow": neuralSplineFlow({ couplings: 3, hidden: [5], bins: 4 })
    }).map(([name, guide]) => [name, fittedAt(guide)] as const),
    ["written by hand", fittedAt(byHand(), muTau())]
  ]

  test.each(guides)("%s", async (_, fitted) => {
    const drawn = await run(sampleGuide(fitted, 6, keyOf(8)))
    const posterior = await run(posteriorOf<never>(fitted))
    const asked = fitted.approximation.target.model as ReturnType<typeof everything>
    const together = await run(posterior.logDensities(drawn.values as never))
    expect(together.length).toBe(6)
    for (const i of range(6)) {
      const values = at(drawn.values, i)
      const [density, joint] = [await run(posterior.logDensity(values as never)), await run(logJoint(asked, values as never))]
      expect(Number.isFinite(density)).toBe(true)
      expect(Math.abs(together[i]! - density)).toBeLessThan(1e-12 * (1 + Math.abs(density)))
      // both are weights against the unconstrained guide: the log-determinants cancel
      const weight = drawn.logJoint[i]! - drawn.logGuide[i]!
      expect(Math.abs(joint - density - weight)).toBeLessThan(1e-8 * (1 + Math.abs(joint) + Math.abs(density)))
    }
  })
})

describe("draws", () => {
  const fitted = fittedAt(realNVP({ couplings: 2, hidden: [4] }))

  test("are a function of the seed, and the first ones not of how many there are", async () => {
    const posterior = await run(posteriorOf<never>(fitted))
    const draws = async (count: number, seed?: number) =>
      (await run(posterior.draws(count, seed === undefined ? {} : { seed }))) as Readonly<Record<string, { readonly data: Float64Array }>>
    const [few, many, again, other] = [await draws(3), await draws(2345), await draws(2345), await draws(3, 1)]
    expect(again).toEqual(many)
    for (const [name, { data }] of Object.entries(few)) {
      expect(many[name]!.data.slice(0, data.length), name).toEqual(data)
      expect(other[name]!.data, name).not.toEqual(data)
    }
    // blocks have noise of their own
    expect(new Set(many["a"]!.data).size).toBe(2345)
  })

  test("lie in the support of the model", async () => {
    const { a, b, p, o, z } = (await run(sampleGuide(fitted, 300, keyOf(1)))).values as Readonly<
      Record<"a" | "b" | "p" | "o" | "z", { readonly data: Float64Array }>
    >
    for (const i of range(300)) {
      expect(a.data[i]!).toBeGreaterThan(0)
      expect(b.data[i]! > -1 && b.data[i]! < a.data[i]!).toBe(true)
      expect(p.data[3 * i]! + p.data[3 * i + 1]! + p.data[3 * i + 2]!).toBeCloseTo(1, 12)
      expect(o.data[3 * i]! < o.data[3 * i + 1]! && o.data[3 * i + 1]! < o.data[3 * i + 2]!).toBe(true)
      expect(z.data[4 * i + 2]! + z.data[4 * i + 3]!).toBeCloseTo(1, 12)
    }
  })
})

describe("of a conjugate normal", () => {
  const rows = model(function* (y: ReadonlyArray<number> | undefined, n: number) {
    const mu = yield* sample("mu", Normal(0, 2))
    yield* deterministic("square", tf.square(mu))
    yield* deterministic("constant", tf.mul(0.1, tf.scalar(3)))
    yield* plate("row", y === undefined ? n : { y }, function* (row) {
      yield* observe("y", Normal(mu, 1), "y" in row ? row.y : undefined)
    })
  })
  const y = [1.4, 2.2, 0.1]
  const [m, v] = [3.7 / (1 / 4 + 3), 1 / (1 / 4 + 3)]
  let posterior: Posterior<never>
  beforeAll(async () => {
    posterior = (await run(fit(rows(y, 0), meanField(), { steps: 300, draws: 8 }))) as unknown as Posterior<never>
  })

  test("new rows are predicted with the variance of both", async () => {
    const n = 20_000
    const drawn = (await run(posterior.predictive(rows(undefined, 2), { draws: n, seed: 3 }))) as Readonly<
      Record<"y" | "mu", { readonly shape: ReadonlyArray<number>; readonly data: Float64Array }>
    >
    expect(drawn.y.shape).toEqual([n, 2])
    for (const column of [0, 1]) {
      const values = range(n).map((i) => drawn.y.data[2 * i + column]!)
      expect(Math.abs(mean(values) - m) / Math.sqrt((v + 1) / n)).toBeLessThan(5)
      expect(Math.abs(variance(values) / (v + 1) - 1)).toBeLessThan(5 * Math.sqrt(2 / n))
    }
    // rows share mu
    const [a, b] = [0, 1].map((k) => range(n).map((i) => drawn.y.data[2 * i + k]! - m))
    expect(mean(a!.map((x, i) => x * b![i]!)) / v).toBeCloseTo(1, 0)
    expect(drawn.mu.data).toEqual(((await run(posterior.draws(n, { seed: 3 }))) as unknown as typeof drawn).mu.data)
  })

  test("observed rows keep their values", async () => {
    const drawn = (await run(posterior.predictive(rows(y, 0), { draws: 2 }))) as unknown as Readonly<
      Record<"y", { readonly data: ArrayLike<number> }>
    >
    expect(Array.from(drawn.y.data)).toEqual([...y, ...y])
  })

  test("what is computed from latents is summarised with them; constants do not move the verdict", () => {
    expect(posterior.summary.map(({ name }) => name)).toEqual(["mu", "square", "constant"])
    const [, square, constant] = posterior.summary
    expect(Math.abs(square!.mean - (m * m + v)) / Math.sqrt(4 * m * m * v + 2 * v * v)).toBeLessThan(0.05)
    expect(constant).toMatchObject({ mean: expect.closeTo(0.3, 15), sd: 0 })
    expect(posterior.verdict.kind).toBe("trust")
  })
})

test("weighted draws have the moments of the posterior where the guide has not", async () => {
  // a guide that is too wide and beside the mark
  const off = model(function* () {
    const at = yield* param("at", parameter(0.8))
    yield* sample("x", Normal(at, 1.6))
  })
  const target = model(function* () {
    yield* sample("x", Normal(0.2, 1))
  })
  const posterior = await run(fit(target(), off(), { steps: 1, learningRate: 1e-9 }))
  const n = 20_000
  const { draws, logWeights } = await run(posterior.weighted(n, { seed: 2 }))
  expect(draws).toEqual(await run(posterior.draws(n, { seed: 2 })))
  const w = logWeights.map(Math.exp)
  expect(w.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 10)
  const moment = (f: (x: number) => number): number => w.reduce((sum, p, i) => sum + p * f(draws.x.data[i]!), 0)
  const error = 5 / Math.sqrt(posterior.diagnostics.ess * 2)
  expect(Math.abs(moment((x) => x) - 0.2)).toBeLessThan(error)
  expect(Math.abs(moment((x) => (x - 0.2) ** 2) - 1)).toBeLessThan(error * Math.SQRT2)
  // KL of two normals
  const exact = normalKL(0.8, 1.6, 0.2, 1)
  const { kl, elbo, logEvidence, khat, threshold } = posterior.diagnostics
  expect(Math.abs(kl.value - exact)).toBeLessThan(5 * kl.error)
  expect(Math.abs(elbo.value + exact)).toBeLessThan(5 * elbo.error)
  expect(Math.abs(logEvidence.value)).toBeLessThan(5 * logEvidence.error)
  expect(khat).toBeLessThan(threshold)
  expect(posterior.verdict.kind).toBe("reweight")
  expect(posterior.verdict.text).toMatch(
    /importance weights move x by 0\.\d\d sd, the sd of x by \d\d%\. k̂ = -?\d\.\d\d \(reliable up to 0\.70\), ESS \d+ of 10000, KL 0\.\d{3} ± 0\.\d{3} nats\./
  )
})

const normalKL = (m: number, s: number, mu: number, sigma: number): number =>
  Math.log(sigma / s) + (s * s + (m - mu) ** 2) / (2 * sigma * sigma) - 0.5

describe("parameters of the model", () => {
  // empirical Bayes for normal means: y_i ~ N(0, sqrt(1 + A)), so that Â = mean(y²) − 1
  const y = [2.1, -3.4, 0.3, 1.9, -2.2, 4.1]
  const means = model(function* (y: ReadonlyArray<number> | undefined, n: number) {
    const sd = yield* param("sd", parameter(1, positive))
    yield* deterministic("spread", sd)
    yield* plate("unit", y === undefined ? n : { y }, function* (unit) {
      const theta = yield* sample("theta", Normal(0, sd))
      yield* observe("y", Normal(theta, 1), "y" in unit ? unit.y : undefined)
    })
  })
  const exact = Math.sqrt(mean(y.map((v) => v * v)) - 1)

  test("are learned to their maximum likelihood, and used by what is asked of the posterior", async () => {
    const posterior = await run(fit(means(y, 0), fullRank(), { steps: 1500, draws: 8, learningRate: 0.02 }))
    const spread = posterior.summary.find(({ name }) => name === "spread")!
    expect(spread.mean).toBeCloseTo(exact, 2)
    expect(spread.sd).toBe(0)
    const evidence = y.reduce((sum, v) => sum + normal(v, 0, Math.sqrt(1 + exact ** 2)), 0)
    expect(posterior.diagnostics.elbo.value).toBeCloseTo(evidence, 3)
    const shrink = exact ** 2 / (1 + exact ** 2)
    y.forEach((v, i) => {
      const row = posterior.summary.find(({ name }) => name === `theta[${i}]`)!
      expect(Math.abs(row.mean - shrink * v) / Math.sqrt(shrink)).toBeLessThan(0.06)
      expect(row.sd / Math.sqrt(shrink)).toBeCloseTo(1, 1)
    })
    const predicted = await run(posterior.predictive(means(undefined, 3), { draws: 8000 }))
    expect(predicted.spread.data[0]).toBeCloseTo(exact, 2)
    expect(Math.sqrt(variance(predicted.theta.data)) / exact).toBeCloseTo(1, 1)
    const params: Readonly<Record<"sd", Params>> = posterior.params.model
    const { sites } = await run(trace(means(y, 0), { params }))
    expect(sites["spread"]!.value!.data[0]).toBeCloseTo(exact, 2)
  })

  test("and by a guide written by hand", async () => {
    const guide = model(function* () {
      const [a, s] = [yield* param("a", parameter(0.5)), yield* param("s", parameter(0.5, positive))]
      yield* plate("unit", { y }, function* (unit) {
        yield* sample("theta", Normal(tf.mul(a, unit.y), s))
      })
    })
    const posterior = await run(fit(means(y, 0), guide(), { steps: 1500, draws: 8, learningRate: 0.02 }))
    expect(posterior.summary.find(({ name }) => name === "spread")!.mean).toBeCloseTo(exact, 2)
    expect(posterior.diagnostics.kl.value).toBeLessThan(1e-3)
  })
})

test("a site that is not finite at some draws is left out of the summary, with a warning", async () => {
  const m = model(function* () {
    const x = yield* sample("x", Normal(0, 1))
    yield* deterministic("root", tf.sqrt(x))
  })
  const posterior = await run(fit(m(), fullRank(), { steps: 5, draws: 4 }))
  expect(posterior.summary.map(({ name }) => name)).toEqual(["x"])
  expect(posterior.warnings).toEqual([
    '"root" is NaN at some draws of the guide, so that it has no moments and is left out of the summary.'
  ])
  expect(posterior.verdict.kind).toBe("trust")
})
