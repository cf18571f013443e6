import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { Gamma, Normal, Poisson } from "../../src/distribution/index.ts"
import {
  block,
  condition,
  deterministic,
  factor,
  inspect,
  intervene,
  logJoint,
  markov,
  model,
  observe,
  param,
  plate,
  predictive,
  prior,
  sample,
  trace
} from "../../src/model/index.ts"
import { drawn } from "../../src/model/answers.ts"
import { run as runModel } from "../../src/model/run.ts"
import { minibatch } from "../../src/model/runPlate.ts"
import { reference } from "../../src/engine/reference/reference.ts"
import { newAxis, sumOver, under } from "../../src/trace/axes.ts"
import { evaluate } from "../../src/trace/evaluate.ts"
import { programOf, trace as traceProgram } from "../../src/trace/trace.ts"
import type { Learnable } from "../../src/learnable/learnable.ts"
import { errorOf, mean, normal, numbers, sum, variance } from "./oracle.ts"

const run = Effect.runPromise

/** With known variances the posterior is normal: the conjugate case. */
const groups = model(function* (data: { readonly y?: ReadonlyArray<number>; readonly sd: ReadonlyArray<number> }) {
  const mu = yield* sample("mu", Normal(1, 2))
  const theta = yield* plate("group", data, function* (row) {
    const theta = yield* sample("theta", Normal(mu, 0.5))
    yield* observe("y", Normal(theta, row.sd), row.y)
    return theta
  })
  return yield* deterministic("largest", tf.max(theta))
})
const sd = [1, 2]

describe("prior draws", () => {
  const n = 20_000
  test("of every site, with the moments of their laws", async () => {
    const draws = await run(prior(groups({ sd }), { draws: n, seed: 7 }))
    expect(Object.fromEntries(Object.entries(draws).map(([name, { shape }]) => [name, shape]))).toEqual({
      mu: [n],
      theta: [n, 2],
      y: [n, 2],
      largest: [n]
    })
    const second = (name: "theta" | "y") => numbers(draws[name]).filter((_, i) => i % 2 === 1)
    const holds = (values: ReadonlyArray<number>, location: number, spread: number) => {
      expect(Math.abs(mean(values) - location)).toBeLessThan((4 * Math.sqrt(spread)) / Math.sqrt(n))
      expect(Math.abs(variance(values) / spread - 1)).toBeLessThan(4 * Math.sqrt(2 / n))
    }
    holds(numbers(draws.mu), 1, 4)
    holds(second("theta"), 1, 4.25)
    holds(second("y"), 1, 8.25)
    const theta = numbers(draws.theta)
    expect(numbers(draws.largest)).toEqual(numbers(draws.mu).map((_, i) => Math.max(theta[2 * i]!, theta[2 * i + 1]!)))
  })

  test("keep the values of observations, and are a function of the seed", async () => {
    const options = { draws: 3, seed: 2 }
    const a = await run(prior(groups({ sd, y: [8, 9] }), options))
    expect(numbers(a.y)).toEqual([8, 9, 8, 9, 8, 9])
    expect(await run(prior(groups({ sd, y: [8, 9] }), options))).toEqual(a)
    expect(numbers((await run(prior(groups({ sd }), { ...options, seed: 3 }))).mu)).not.toEqual(numbers(a.mu))
  })

  test("do not see factors, nor what is blocked; follow conditions and interventions", async () => {
    const m = model(function* () {
      const a = yield* sample("a", Normal(0, 1))
      yield* factor("tilt", 100)
      return yield* observe("b", Normal(tf.mul(a, 10), 1e-3))
    })
    const plain = await run(prior(m(), { draws: 2 }))
    expect(Object.keys(plain)).toEqual(["a", "b"])
    expect(Object.keys(await run(prior(block(m(), "a"), { draws: 2 })))).toEqual(["b"])
    const conditioned = await run(prior(condition(m(), { a: 3 }), { draws: 2 }))
    const done = await run(prior(intervene(m(), { a: 3 }), { draws: 2 }))
    for (const { a, b } of [conditioned, done]) {
      expect(numbers(a)).toEqual([3, 3])
      for (const value of numbers(b)) expect(value).toBeCloseTo(30, 1)
    }
  })

  test("of no number of draws are refused", async () => {
    expect((await errorOf(prior(groups({ sd }), { draws: 0 }))).message).toContain(
      "prior.draws: expected a whole number, at least 1, got 0"
    )
  })
})

describe("predictive draws", () => {
  test("replay what fits, and draw the rest given it", async () => {
    const n = 20_000
    const ramp = Float64Array.from({ length: n }, (_, i) => i / n)
    const draws = { mu: { shape: [n], data: ramp }, theta: { shape: [n, 2], data: new Float64Array(2 * n).fill(-4) } }
    const same = await run(predictive(groups({ sd }), draws, { seed: 1 }))
    expect(numbers(same.theta)).toEqual(numbers(draws.theta))
    expect(Math.abs(mean(numbers(same.y)) + 4)).toBeLessThan((4 * Math.sqrt(2.5)) / Math.sqrt(2 * n))
    const wider = await run(predictive(groups({ sd: [1, 1, 1] }), draws, { seed: 1 }))
    expect(wider.theta.shape).toEqual([n, 3])
    const residuals = numbers(wider.theta).map((t, i) => t - ramp[Math.floor(i / 3)]!)
    expect(Math.abs(variance(residuals) / 0.25 - 1)).toBeLessThan(4 * Math.sqrt(2 / (3 * n)))
    const fresh = await run(predictive(groups({ sd }), draws, { seed: 1, fresh: ["theta"] }))
    expect(Math.abs(mean(numbers(fresh.theta)) - 0.5)).toBeLessThan(0.02)
  })

  test("of observations are new ones, whatever else the draws hold", async () => {
    const draws = await run(prior(groups({ sd }), { draws: 4, seed: 1 }))
    const predicted = await run(predictive(groups({ sd }), draws, { seed: 2 }))
    expect(numbers(predicted.theta)).toEqual(numbers(draws.theta))
    for (const [i, y] of numbers(predicted.y).entries()) expect(y).not.toBe(numbers(draws.y)[i])
    expect(numbers((await run(predictive(groups({ sd, y: [3, 4] }), draws))).y)).toEqual([3, 4, 3, 4, 3, 4, 3, 4])
  })

  test("name what does not fit", async () => {
    const vector = model(function* () {
      return yield* sample("x", Normal([0, 0], 1))
    })
    const error = await errorOf(predictive(vector(), { x: { shape: [5, 3], data: new Float64Array(15) } }))
    expect(error.message).toBe('site "x": its draws have shape [3], but in this model it has [2]')
    const uneven = await errorOf(
      predictive(groups({ sd }), { mu: { shape: [2], data: Float64Array.of(1, 2) }, theta: { shape: [3, 2], data: new Float64Array(6) } })
    )
    expect(uneven.message).toContain('expected 2 draws of each site, as of "mu", got 3 of "theta"')
  })
})

describe("a minibatch", () => {
  const rows = 7
  const y = Array.from({ length: rows }, (_, i) => Math.sin(i) * 2)
  const regression = model(function* (size: number) {
    const mu = yield* sample("mu", Normal(0, 5))
    yield* plate(
      "row",
      { y },
      function* (row) {
        yield* observe("y", Normal(mu, 1), row.y)
      },
      { subsample: size }
    )
  })
  const answers = { answer: () => tf.scalar(0.4), param: () => ({}) }
  const full = normal(0.4, 0, 5) + sum(y.map((v) => normal(v, 0.4, 1)))

  test("is an unbiased estimate, and takes each stratum once", async () => {
    const { result: program } = traceProgram(() => programOf([runModel(regression(3), { ...answers, rows: minibatch }).logJoint]))
    const estimate = Effect.gen(function* () {
      const { run } = yield* reference().compile(program)
      return yield* Effect.forEach(
        Array.from({ length: 4000 }, (_, seed) => Uint32Array.of(5, seed, 0)),
        (key) => run({ key })
      )
    })
    const estimates = (await run(Effect.scoped(estimate))).map(([value]) => value![0]!)
    expect(Math.abs(mean(estimates) - full)).toBeLessThan(4 * Math.sqrt(variance(estimates) / estimates.length))
    expect(variance(estimates)).toBeGreaterThan(0.1)
    const whole = estimates.map((estimate) => (estimate - normal(0.4, 0, 5)) / (rows / 3))
    const strata = [
      [0, 1, 2],
      [2, 3, 4],
      [4, 5, 6]
    ]
    const possible = strata[0]!.flatMap((i) =>
      strata[1]!.flatMap((j) => strata[2]!.map((k) => sum([i, j, k].map((r) => normal(y[r]!, 0.4, 1)))))
    )
    for (const value of whole.slice(0, 200)) expect(Math.min(...possible.map((p) => Math.abs(p - value)))).toBeLessThan(1e-9)
  })

  test("of all rows is all rows", () => {
    for (const lo of [1, 2, 3])
      expect(
        evaluate(() => runModel(regression(rows), { ...answers, rows: minibatch }).logJoint, [], { hi: 0, lo })[0]!.data[0]
      ).toBeCloseTo(full, 10)
  })

  test("has the same rows for all particles", () => {
    const [spread] = evaluate(
      () => {
        const axis = newAxis("particle", 5)
        return under(axis, () => {
          const { logJoint: joint } = runModel(regression(3), { ...answers, rows: minibatch })
          return tf.sub(sumOver(tf.square(joint), axis, 1 / 5), tf.square(sumOver(joint, axis, 1 / 5)))
        })
      },
      [],
      { hi: 0, lo: 1 }
    )
    expect(spread!.data[0]).toBeCloseTo(0, 9)
  })

  test("is only taken where it is asked for", async () => {
    expect(await run(logJoint(regression(3), { mu: 0.4 }))).toBeCloseTo(full, 10)
  })

  test("with an index gathers rows of the outside", () => {
    const indexed = model(function* () {
      yield* plate(
        "row",
        rows,
        function* (i) {
          yield* observe("y", Normal(tf.gather(tf.tensor1d(y), i), 1), 0)
        },
        { subsample: 1 }
      )
    })
    const terms = y.map((v) => rows * normal(0, v, 1))
    for (const lo of [1, 2, 3, 4]) {
      const value = evaluate(() => runModel(indexed(), { ...answers, rows: minibatch }).logJoint, [], { hi: 0, lo })[0]!.data[0]!
      expect(Math.min(...terms.map((t) => Math.abs(t - value)))).toBeLessThan(1e-5)
    }
  })
})

describe("parameters", () => {
  const shift: Learnable<(x: tf.Tensor) => tf.Tensor> = {
    name: "shift",
    init: () => ({ by: { shape: [], data: Float64Array.of(10) } }),
    build: (params) => (x) => tf.add(x, (params as { readonly by: tf.Tensor }).by)
  }
  const m = model(function* () {
    const f = yield* param("f", shift)
    return yield* deterministic("y", f(tf.scalar(1)))
  })

  test("are as they start, or as given", async () => {
    expect(numbers((await run(trace(m()))).result)).toEqual([11])
    expect(numbers((await run(trace(m(), { params: { f: { by: { shape: [], data: Float64Array.of(0.5) } } } }))).result)).toEqual([1.5])
  })

  test("are listed with the sites", () => {
    expect(inspect(m()).map(({ kind, name }) => [kind, name])).toEqual([
      ["param", "f"],
      ["deterministic", "y"]
    ])
    expect(inspect(m())[0]!.learnable).toBe(shift)
  })
})

test("inspect tells a model's sites in order, with their shapes and supports", () => {
  const m = model(function* () {
    const rate = yield* sample("rate", Gamma([2, 3], 1))
    yield* plate("row", { n: [1, 2, 3] }, function* (row) {
      yield* observe("n", Poisson(tf.sum(rate)), row.n)
      yield* markov("time", 0, 4, function* (x) {
        return yield* sample("x", Normal(x, 1))
      })
    })
  })
  expect(inspect(m())).toMatchObject([
    { kind: "sample", name: "rate", shape: [2], eventShape: [2], plates: [], values: "real", support: { name: "positive" } },
    { kind: "observe", name: "n", shape: [3], eventShape: [], observed: true, values: "integer", plates: [{ name: "row", size: 3 }] },
    {
      kind: "sample",
      name: "x",
      shape: [3, 4],
      plates: [
        { name: "row", size: 3 },
        { name: "time", size: 4 }
      ]
    }
  ])
})

test("a run without answers draws: its densities are those of its draws", () => {
  const [joint, mu, theta] = evaluate(
    () => {
      const { logJoint: joint, sites } = runModel(groups({ sd, y: [1, 2] }), { answer: drawn, param: () => ({}) })
      return [joint, sites.get("mu")!.value!, sites.get("theta")!.frames[0]!.leave(sites.get("theta")!.value!)]
    },
    [],
    { hi: 1, lo: 2 }
  )
  const [m = 0] = numbers(mu!)
  expect(joint!.data[0]).toBeCloseTo(
    normal(m, 1, 2) + sum(numbers(theta!).map((t, i) => normal(t, m, 0.5) + normal([1, 2][i]!, t, sd[i]!))),
    10
  )
})
