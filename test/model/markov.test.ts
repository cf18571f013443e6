import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { Bernoulli, HalfCauchy, Normal } from "../../src/distribution/index.ts"
import {
  condition,
  deterministic,
  logDensities,
  logJoint,
  markov,
  model,
  observe,
  plate,
  prior,
  sample,
  trace
} from "../../src/model/index.ts"
import { given } from "../../src/model/answers.ts"
import { run as runModel } from "../../src/model/run.ts"
import { enter, leave, newAxis, under } from "../../src/trace/axes.ts"
import { evaluate } from "../../src/trace/evaluate.ts"
import { gradient } from "../../src/trace/trace.ts"
import { bernoulli, halfCauchy, normal, numbers, sum, variance } from "./oracle.ts"

const run = Effect.runPromise
const reals = (n: number) => fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: n, maxLength: n })
const scales = fc.double({ min: 0.1, max: 3, noNaN: true })

const walk = model(function* (y: ReadonlyArray<number>) {
  const scale = yield* sample("scale", HalfCauchy(1))
  return yield* markov("day", 0.5, y, function* (level, seen) {
    const next = yield* sample("level", Normal(level, scale))
    yield* observe("y", Normal(next, 1), seen)
    return next
  })
})
const walkDensity = (y: ReadonlyArray<number>, scale: number, level: ReadonlyArray<number>) =>
  halfCauchy(scale, 1) + sum(y.map((seen, t) => normal(level[t]!, t === 0 ? 0.5 : level[t - 1]!, scale) + normal(seen, level[t]!, 1)))

/** GARCH(1, 1): the carry is no latent but computed, from data. */
const garch = model(function* (y: ReadonlyArray<number>) {
  const mu = yield* sample("mu", Normal(0, 1))
  const a = yield* sample("a", HalfCauchy(1))
  return yield* markov("day", { variance: 1.2, last: 0 }, y, function* (carry, seen) {
    const variance = tf.addN([tf.scalar(0.3), tf.mul(a, tf.square(tf.sub(carry.last, mu))), tf.mul(0.4, carry.variance)])
    yield* observe("y", Normal(mu, tf.sqrt(variance)), seen)
    return { variance, last: seen }
  })
})
const garchDensity = (y: ReadonlyArray<number>, mu: number, a: number) => {
  let variance = 1.2
  let last = 0
  let total = normal(mu, 0, 1) + halfCauchy(a, 1)
  for (const seen of y) {
    variance = 0.3 + a * (last - mu) ** 2 + 0.4 * variance
    total += normal(seen, mu, Math.sqrt(variance))
    last = seen
  }
  return total
}

describe("the log joint density of a chain", () => {
  test("whose carry is a latent is that of the loop", () =>
    fc.assert(
      fc.asyncProperty(reals(5), scales, reals(5), async (y, scale, level) => {
        expect(await run(logJoint(walk(y), { scale, level }))).toBeCloseTo(walkDensity(y, scale, level), 9)
      }),
      { seed: 1, numRuns: 15 }
    ))

  test("whose carry is computed is that of the loop", () =>
    fc.assert(
      fc.asyncProperty(reals(6), reals(1), scales, async (y, [mu = 0], a) => {
        expect(await run(logJoint(garch(y), { mu, a }))).toBeCloseTo(garchDensity(y, mu, a), 9)
      }),
      { seed: 2, numRuns: 15 }
    ))

  test("of one step", async () => {
    expect(await run(logJoint(walk([1.5]), { scale: 0.7, level: [0.2] }))).toBeCloseTo(walkDensity([1.5], 0.7, [0.2]), 10)
  })

  test("in a plate, with a plate and another chain in its step", async () => {
    const m = model(function* (y: ReadonlyArray<ReadonlyArray<ReadonlyArray<number>>>) {
      yield* plate("series", y, function* (series) {
        yield* markov("time", { level: 0, count: 0 }, series, function* (carry, seen) {
          const level = yield* sample("level", Normal(tf.mul(carry.level, 0.9), 1))
          yield* plate("sensor", seen, function* (value) {
            const offset = yield* sample("offset", Normal(level, 0.5))
            yield* observe("y", Normal(offset, 0.2), value)
          })
          const inner = yield* markov("inner", level, 2, function* (x) {
            return yield* sample("inner", Normal(tf.mul(x, 0.5), 1))
          })
          return { level: tf.add(level, tf.squeeze(tf.slice(inner, 1, 1))), count: tf.add(carry.count, 1) }
        })
      })
    })
    const [N, T, S] = [2, 3, 2] as const
    const at = (...index: ReadonlyArray<number>) => Math.sin(index.reduce((h, i) => h * 7 + i + 1, 3))
    const grid = <A>(n: number, f: (i: number) => A) => Array.from({ length: n }, (_, i) => f(i))
    const y = grid(N, (i) => grid(T, (t) => grid(S, (s) => at(i, t, s, 9))))
    const level = grid(N, (i) => grid(T, (t) => at(i, t)))
    const offset = grid(N, (i) => grid(T, (t) => grid(S, (s) => at(i, t, s))))
    const inner = grid(N, (i) => grid(T, (t) => grid(2, (k) => at(i, t, k, 5))))
    let expected = 0
    for (let i = 0; i < N; i++) {
      let carry = 0
      for (let t = 0; t < T; t++) {
        expected += normal(level[i]![t]!, 0.9 * carry, 1)
        for (let s = 0; s < S; s++)
          expected += normal(offset[i]![t]![s]!, level[i]![t]!, 0.5) + normal(y[i]![t]![s]!, offset[i]![t]![s]!, 0.2)
        const [first = 0, second = 0] = inner[i]![t]!
        expected += normal(first, 0.5 * level[i]![t]!, 1) + normal(second, 0.5 * first, 1)
        carry = level[i]![t]! + second
      }
    }
    expect(await run(logJoint(m(y), { level, offset, inner }))).toBeCloseTo(expected, 9)
  })

  test("by step", async () => {
    const y = [1, 2, -1]
    const level = [0.4, 0.1, 2]
    const densities = await run(logDensities(walk(y), { scale: 0.8, level }))
    expect(numbers(densities.level)).toEqual(level.map((l, t) => expect.closeTo(normal(l, t === 0 ? 0.5 : level[t - 1]!, 0.8), 10)))
    expect(numbers(densities.y)).toEqual(y.map((seen, t) => expect.closeTo(normal(seen, level[t]!, 1), 10)))
  })

  test("varies over particles, and has the gradient of finite differences", () => {
    const y = [1, -0.5, 0.3, 2]
    const mus = [0.3, -0.8]
    const as = [0.5, 1.1]
    const [values, dmu, da] = evaluate(
      (mu, a) => {
        const axis = newAxis("particle", 2)
        const joint = under(
          axis,
          () => runModel(garch(y), { answer: given({ mu: enter(mu!, axis), a: enter(a!, axis) }), param: () => ({}) }).logJoint
        )
        return [leave(joint, axis), ...under(axis, () => gradient(joint, [mu!, a!]))]
      },
      [
        { shape: [2], data: Float64Array.from(mus) },
        { shape: [2], data: Float64Array.from(as) }
      ]
    )
    const h = 1e-5
    for (const i of [0, 1]) {
      const [mu, a] = [mus[i]!, as[i]!]
      expect(values!.data[i]).toBeCloseTo(garchDensity(y, mu, a), 9)
      expect(dmu!.data[i]).toBeCloseTo((garchDensity(y, mu + h, a) - garchDensity(y, mu - h, a)) / (2 * h), 6)
      expect(da!.data[i]).toBeCloseTo((garchDensity(y, mu, a + h) - garchDensity(y, mu, a - h)) / (2 * h), 6)
    }
  })
})

describe("draws of a chain", () => {
  test("are consistent: the density of a trace is that of its draws", async () => {
    const traced = await run(trace(walk([1, 2, 3]), { seed: 4 }))
    expect(traced.logJoint).toBeCloseTo(walkDensity([1, 2, 3], numbers(traced.latents.scale)[0]!, numbers(traced.latents.level)), 9)
    expect(numbers(traced.result)).toEqual(numbers(traced.latents.level))
  })

  test("have the autoregressive variances of their law", async () => {
    const ar = model(function* () {
      yield* markov("time", 0, 4, function* (x) {
        return yield* sample("x", Normal(tf.mul(x, 0.8), 1))
      })
    })
    const n = 20_000
    const { x } = await run(prior(ar(), { draws: n, seed: 1 }))
    expect(x.shape).toEqual([n, 4])
    let expected = 0
    for (let t = 0; t < 4; t++) {
      expected = 0.64 * expected + 1
      const got = variance(numbers(x).filter((_, i) => i % 4 === t))
      // the standard error of a variance is σ²√(2/n)
      expect(Math.abs(got / expected - 1)).toBeLessThan(4 * Math.sqrt(2 / n))
    }
  })

  test("of integers carry on as integers", async () => {
    const hidden = model(function* (y: ReadonlyArray<number>) {
      yield* markov("time", { state: Int32Array.of(0) }, y, function* (carry, seen) {
        const state = yield* sample("state", Bernoulli(tf.gather(tf.tensor1d([-1, 2]), tf.squeeze(carry.state))))
        yield* deterministic("next", tf.add(state, 1))
        yield* observe("y", Normal(tf.gather(tf.tensor1d([-1, 1]), state), 1), seen)
        return { state: tf.reshape(state, [1]) }
      })
    })
    const y = [0.3, -0.2, 1.4]
    const states = [1, 0, 1]
    const expected = sum(
      y.map((seen, t) => bernoulli(states[t]!, [-1, 2][t === 0 ? 0 : states[t - 1]!]!) + normal(seen, [-1, 1][states[t]!]!, 1))
    )
    expect(await run(logJoint(hidden(y), { state: states }))).toBeCloseTo(expected, 9)
    const drawn = await run(trace(hidden(y), { seed: 2 }))
    expect(numbers(drawn.sites["next"]!.value!)).toEqual(numbers(drawn.latents.state).map((s) => s + 1))
    expect(await run(logJoint(hidden(y), drawn.latents))).toBeCloseTo(drawn.logJoint, 9)
  })

  test("follow what is conditioned on", async () => {
    const traced = await run(trace(condition(walk([1, 2]), { level: [5, 6] }), { seed: 1 }))
    expect(numbers(traced.result)).toEqual([5, 6])
    expect(traced.sites["level"]).toMatchObject({ kind: "observe", observed: true })
  })
})
