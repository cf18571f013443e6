import "@tensorflow/tfjs-backend-cpu"
import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { Bernoulli, Exponential, HalfCauchy, MultivariateNormal, Normal } from "../../src/distribution/index.ts"
import { deterministic, factor, logDensities, logJoint, mask, model, observe, plate, sample, scale, trace } from "../../src/model/index.ts"
import { bernoulli, exponential, halfCauchy, normal, numbers, sum } from "./oracle.ts"

const run = Effect.runPromise
const reals = (n: number) => fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: n, maxLength: n })
const matrix = (n: number, m: number) => fc.array(reals(m), { minLength: n, maxLength: n })

describe("log joint density", () => {
  const schools = model(function* (data: { readonly y: ReadonlyArray<number>; readonly sigma: ReadonlyArray<number> }) {
    const mu = yield* sample("mu", Normal(0, 5))
    const tau = yield* sample("tau", HalfCauchy(5))
    yield* plate("school", data, function* (school) {
      const theta = yield* sample("theta", Normal(mu, tau))
      yield* observe("y", Normal(theta, school.sigma), school.y)
    })
  })
  // Rubin 1981
  const rubin = { y: [28, 8, -3, 7, -1, 1, 18, 12], sigma: [15, 10, 16, 11, 9, 11, 10, 18] }

  test("of eight schools is that of the loop, at random points", () =>
    fc.assert(
      fc.asyncProperty(
        fc.double({ min: -9, max: 9, noNaN: true }),
        fc.double({ min: 0.01, max: 30, noNaN: true }),
        reals(8),
        async (mu, tau, theta) => {
          const rows = theta.map((t, i) => normal(t, mu, tau) + normal(rubin.y[i]!, t, rubin.sigma[i]!))
          const expected = normal(mu, 0, 5) + halfCauchy(tau, 5) + sum(rows)
          expect(await run(logJoint(schools(rubin), { mu, tau, theta }))).toBeCloseTo(expected, 9)
        }
      ),
      { seed: 1, numRuns: 20 }
    ))

  test("rows as equal records, as typed arrays and as tensors give the same", async () => {
    const point = { mu: 1.5, tau: 2.5, theta: rubin.y.map((y) => y / 3) }
    const byRecord = model(function* () {
      const mu = yield* sample("mu", Normal(0, 5))
      const tau = yield* sample("tau", HalfCauchy(5))
      yield* plate(
        "school",
        rubin.y.map((y, i) => ({ y, sigma: rubin.sigma[i]! })),
        function* (school) {
          const theta = yield* sample("theta", Normal(mu, tau))
          yield* observe("y", Normal(theta, school.sigma), school.y)
        }
      )
    })
    const expected = await run(logJoint(schools(rubin), point))
    expect(await run(logJoint(byRecord(), point))).toBeCloseTo(expected, 10)
    const inArrays = { y: Float64Array.from(rubin.y), sigma: tf.tensor1d(rubin.sigma) } as never
    expect(await run(logJoint(schools(inArrays), { ...point, theta: { shape: [8], data: Float64Array.from(point.theta) } }))).toBeCloseTo(
      expected,
      10
    )
  })

  test("of nested plates is that of the nested loops; what does not vary counts for each row", () => {
    const nested = model(function* (y: ReadonlyArray<ReadonlyArray<number>>, w: ReadonlyArray<number>) {
      const mu = yield* sample("mu", Normal(0, 5))
      return yield* plate("school", { y, w }, function* (school) {
        const theta = yield* sample("theta", Normal(mu, 1.5))
        const [doubled] = yield* plate("student", school.y, function* (seen) {
          const eta = yield* sample("eta", Normal(theta, 0.5))
          yield* observe("y", Normal(tf.add(eta, school.w), 0.7), seen)
          yield* observe("everywhere", Normal(mu, 2), 0.3)
          return [tf.mul(eta, 2)]
        })
        return { total: tf.sum(doubled!), theta }
      })
    })
    return fc.assert(
      fc.asyncProperty(matrix(3, 2), reals(3), reals(1), reals(3), matrix(3, 2), async (y, w, [mu = 0], theta, eta) => {
        const student = (i: number, j: number) =>
          normal(eta[i]![j]!, theta[i]!, 0.5) + normal(y[i]![j]!, eta[i]![j]! + w[i]!, 0.7) + normal(0.3, mu, 2)
        const school = (i: number) => normal(theta[i]!, mu, 1.5) + student(i, 0) + student(i, 1)
        const expected = normal(mu, 0, 5) + school(0) + school(1) + school(2)
        expect(await run(logJoint(nested(y, w), { mu, theta, eta }))).toBeCloseTo(expected, 9)
      }),
      { seed: 2, numRuns: 15 }
    )
  })

  test("of ragged groups, gathered by an index, is that of the loop", () => {
    const group = Int32Array.of(0, 0, 1, 3, 3, 3, 2)
    const ragged = model(function* (y: ReadonlyArray<number>) {
      const theta = yield* plate("group", 4, function* () {
        return yield* sample("theta", Normal(0, 1))
      })
      yield* plate("row", { y, group }, function* (row) {
        yield* observe("y", Normal(tf.gather(theta, row.group), 0.5), row.y)
      })
    })
    return fc.assert(
      fc.asyncProperty(reals(7), reals(4), async (y, theta) => {
        const expected = sum(theta.map((t) => normal(t, 0, 1))) + sum(y.map((v, i) => normal(v, theta[group[i]!]!, 0.5)))
        expect(await run(logJoint(ragged(y), { theta }))).toBeCloseTo(expected, 9)
      }),
      { seed: 3, numRuns: 15 }
    )
  })

  test("of vector events in a plate, by a Cholesky factor", async () => {
    const L = [
      [2, 0],
      [0.6, 0.8]
    ]
    const x = [
      [0.3, -1],
      [2, 0.4],
      [-0.7, 1.1]
    ]
    const m = model(function* () {
      const loc = yield* sample("loc", Normal([0, 0], 1))
      yield* plate("row", { x }, function* (row) {
        yield* observe("x", MultivariateNormal(loc, L), row.x)
      })
    })
    const loc = [0.5, -0.2]
    const row = ([a, b]: ReadonlyArray<number>) => {
      const z0 = (a! - loc[0]!) / 2
      const z1 = (b! - loc[1]! - 0.6 * z0) / 0.8
      return normal(z0, 0, 1) + normal(z1, 0, 1) - Math.log(2 * 0.8)
    }
    const expected = sum(loc.map((l) => normal(l, 0, 1))) + sum(x.map(row))
    expect(await run(logJoint(m(), { loc }))).toBeCloseTo(expected, 10)
  })

  test("has factors, and counts by weights and masks", async () => {
    const m = model(function* (present: ReadonlyArray<number>) {
      const mu = yield* scale(sample("mu", Normal(0, 5)), 3)
      yield* factor("tilt", tf.mul(mu, 2))
      const twice = yield* deterministic("twice", tf.mul(mu, 2))
      yield* plate("row", { y: [1, NaN, 3], present }, function* (row) {
        yield* mask(scale(observe("y", Normal(twice, 1), row.y), 0.5), row.present)
      })
    })
    const expected = 3 * normal(0.7, 0, 5) + 1.4 + 0.5 * (normal(1, 1.4, 1) + normal(3, 1.4, 1))
    expect(await run(logJoint(m([1, 0, 1]), { mu: 0.7 }))).toBeCloseTo(expected, 10)
  })

  test("of a discrete latent that indexes", async () => {
    const mixture = model(function* (y: ReadonlyArray<number>) {
      const rate = yield* sample("rate", Exponential(2))
      yield* plate("row", y, function* (seen) {
        const k = yield* sample("k", Bernoulli(0.3))
        yield* observe("y", Normal(tf.gather(tf.stack([rate, tf.neg(rate)]), k), 1), seen)
      })
    })
    const y = [0.5, -2]
    const expected = exponential(1.2, 2) + bernoulli(1, 0.3) + bernoulli(0, 0.3) + normal(0.5, -1.2, 1) + normal(-2, 1.2, 1)
    expect(await run(logJoint(mixture(y), { rate: 1.2, k: [1, 0] }))).toBeCloseTo(expected, 10)
  })
})

describe("log densities by site and row", () => {
  const m = model(function* (y: ReadonlyArray<ReadonlyArray<number>>) {
    const mu = yield* sample("mu", Normal(0, 5))
    yield* factor("tilt", tf.mul(mu, 2))
    yield* plate("school", y, function* (students) {
      const theta = yield* sample("theta", Normal(mu, 1))
      yield* plate("student", students, function* (seen) {
        yield* observe("y", Normal(theta, 1), seen)
        yield* observe("constant", Normal(mu, 1), 0)
      })
    })
  })
  const y = [
    [1, 2, 3],
    [4, 5, 6]
  ]
  const point = { mu: 0.5, theta: [1, -1] }

  test("have a row for each row of the plates", async () => {
    const densities = await run(logDensities(m(y), point))
    expect(Object.fromEntries(Object.entries(densities).map(([name, { shape }]) => [name, shape]))).toEqual({
      mu: [],
      tilt: [],
      theta: [2],
      y: [2, 3],
      constant: [2, 3]
    })
    expect(numbers(densities.y)).toEqual(
      y.flatMap((students, i) => students.map((seen) => expect.closeTo(normal(seen, point.theta[i]!, 1), 10)))
    )
    expect(numbers(densities.constant)).toEqual(Array(6).fill(expect.closeTo(normal(0, 0.5, 1), 10)))
  })

  test("sum to the log joint density", async () => {
    const densities = await run(logDensities(m(y), point))
    expect(sum(Object.values(densities).map((d) => sum(numbers(d))))).toBeCloseTo(await run(logJoint(m(y), point)), 9)
  })

  test("of a trace sum to its log joint density", async () => {
    const traced = await run(trace(m(y), { seed: 5 }))
    const densities = Object.values(traced.sites).flatMap(({ logDensity }) => (logDensity === undefined ? [] : numbers(logDensity)))
    expect(sum(densities)).toBeCloseTo(traced.logJoint, 9)
    expect(await run(logJoint(m(y), traced.latents))).toBeCloseTo(traced.logJoint, 9)
  })
})
