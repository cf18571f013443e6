import "@tensorflow/tfjs-backend-cpu"
import * as tf from "@tensorflow/tfjs-core"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import { describe, expect, test } from "vitest"
import { Bernoulli, Exponential, HalfCauchy, Normal } from "../../src/distribution/index.ts"
import { SiteError } from "../../src/errors.ts"
import {
  condition,
  deterministic,
  factor,
  Interpreter,
  layerInterpreter,
  layerPrior,
  markov,
  mask,
  model,
  observe,
  param,
  plate,
  sample,
  scope,
  simulate,
  trace
} from "../../src/model/index.ts"
import { errorOf, numbers } from "./oracle.ts"

const run = Effect.runPromise

const schools = model(function* (data: { readonly y?: ReadonlyArray<number>; readonly sigma: ReadonlyArray<number> }) {
  const mu = yield* sample("mu", Normal(0, 5))
  const tau = yield* sample("tau", HalfCauchy(5))
  const theta = yield* plate("school", data, function* (school) {
    const theta = yield* sample("theta", Normal(mu, tau))
    const passed = yield* sample("passed", Bernoulli(theta))
    yield* observe("y", Normal(theta, school.sigma), school.y)
    yield* factor("nothing", 0)
    return { theta, kept: [passed] }
  })
  yield* deterministic("total", tf.sum(theta.theta))
  return theta
})

const chain = model(function* (y: ReadonlyArray<number>) {
  return yield* markov("day", { level: 0, last: 0 }, y, function* (carry, seen) {
    const level = yield* sample("level", Normal(carry.level, 1))
    yield* observe("y", Normal(level, 1), seen)
    return { level, last: seen }
  })
})

class Clinic extends Context.Service<Clinic, { readonly patients: Effect.Effect<ReadonlyArray<number>> }>()("test/Clinic") {}
const clinic = Layer.succeed(Clinic, {
  patients: Effect.callback<ReadonlyArray<number>>((resume) => {
    setTimeout(() => resume(Effect.succeed([1, 2, 3])), 5)
  })
})

/** The model beside another service and an asynchronous effect. */
const visits = Effect.gen(function* () {
  const { patients } = yield* Clinic
  const rate = yield* sample("rate", Exponential(1))
  const seen = yield* patients
  yield* Effect.sleep("1 millis")
  const { theta } = yield* schools({ sigma: seen })
  return { rate, theta, count: seen.length }
})

describe("a model among other effects", () => {
  test("runs under a Layer, beside another service", async () => {
    const { rate, theta, count } = await run(Effect.provide(visits, Layer.merge(layerPrior({ seed: 2 }), clinic)))
    expect([rate.shape, theta.shape, count]).toEqual([[], [3], 3])
  })

  test("is simulated: the values of its sites are kept, by their types", async () => {
    const { result, sites } = await run(Effect.provide(simulate(visits, { seed: 2 }), clinic))
    expect(result.count).toBe(3)
    expect(numbers(sites.rate)).toEqual([result.rate.dataSync()[0]])
    expect([sites.theta.shape, sites.y.shape, sites.passed.shape, sites.total.shape]).toEqual([[3], [3], [3], []])
    expect(numbers(sites.total)[0]).toBeCloseTo(
      numbers(sites.theta).reduce((a, b) => a + b),
      4
    )
  })

  test("draws the numbers that a traced run of the seed draws", async () => {
    const m = schools({ sigma: [1, 2, 3] })
    const traced = await run(trace(m, { seed: 9 }))
    const { sites } = await run(simulate(m, { seed: 9 }))
    for (const name of ["mu", "tau", "theta", "passed", "y", "total"] as const)
      expect(numbers(sites[name])).toEqual(numbers(traced.sites[name]!.value!).map((value) => expect.closeTo(value, 3)))
    const tracedChain = await run(trace(chain([1, 2, 3]), { seed: 9 }))
    const simulated = await run(simulate(chain([1, 2, 3]), { seed: 9 }))
    expect(numbers(simulated.sites.level)).toEqual(numbers(tracedChain.latents.level).map((value) => expect.closeTo(value, 4)))
    expect(Array.from(simulated.result.level.dataSync())).toEqual(numbers(simulated.sites.level))
    expect(Array.from(simulated.result.last.dataSync())).toEqual([1, 2, 3])
  })

  test("runs once a row, with the row's data, in nested plates", async () => {
    const nested = model(function* () {
      return yield* plate(
        "a",
        {
          x: [
            [1, 2, 3],
            [4, 5, 6]
          ]
        },
        function* (outer) {
          return yield* plate("b", outer.x, function* (x) {
            return yield* deterministic("x", tf.mul(x, 10))
          })
        }
      )
    })
    const { result, sites } = await run(simulate(nested()))
    expect(result.arraySync()).toEqual([
      [10, 20, 30],
      [40, 50, 60]
    ])
    expect(sites.x.shape).toEqual([2, 3])
  })

  test("draws anew when it runs again under one Layer", async () => {
    const twice = Effect.gen(function* () {
      const once = model(function* () {
        return yield* sample("x", Normal(0, 1))
      })
      return [(yield* once()).dataSync()[0], (yield* once()).dataSync()[0]]
    })
    const [a, b] = await run(Effect.provide(twice, layerPrior({ seed: 1 })))
    expect(a).not.toBe(b)
    expect(await run(Effect.provide(twice, layerPrior({ seed: 1 })))).toEqual([a, b])
  })

  test("obeys handlers, in plates and chains too", async () => {
    const conditioned = condition(scope(schools({ sigma: [1, 1] }), "s"), { "s.theta": [7, 8], "s.mu": 3 })
    const { sites } = await run(simulate(conditioned))
    expect([numbers(sites["s.theta"]), numbers(sites["s.mu"])]).toEqual([[7, 8], [3]])
    expect(numbers((await run(simulate(condition(chain([0, 0, 0]), { level: [1, 2, 3] })))).sites.level)).toEqual([1, 2, 3])
  })

  test("builds its parameters", async () => {
    const learnable = {
      name: "ten",
      init: () => ({ shape: [], data: Float64Array.of(10) }),
      build: (params: unknown) => params as tf.Tensor
    }
    const m = model(function* () {
      return yield* param("ten", learnable)
    })
    expect((await run(Effect.provide(m(), layerPrior()))).dataSync()[0]).toBe(10)
  })
})

describe("an interpreter", () => {
  test("may wrap the one below it", async () => {
    const asked: Array<string> = []
    const listening = layerInterpreter(
      Effect.map(Interpreter, (below) => ({
        answer: (site, rows) => {
          asked.push([site.name, ...rows.map(({ plate, index, size }) => `${plate} ${index}/${size}`)].join(" "))
          return below.answer(site, rows)
        }
      }))
    )
    const m = model(function* () {
      const mu = yield* sample("mu", Normal(0, 1))
      yield* plate("row", 2, function* () {
        yield* observe("y", Normal(mu, 1), 3)
      })
    })
    await run(Effect.provide(m(), listening.pipe(Layer.provide(layerPrior()))))
    expect(asked).toEqual(["mu", "y row 0/2", "y row 1/2"])
  })

  test("may be asynchronous and fail; the failure can be caught in the model, and names the site", async () => {
    const refusing = layerInterpreter(
      Effect.succeed({
        answer: (site) =>
          Effect.delay(
            site.name === "bad" ? Effect.fail(new SiteError({ site: site.name, reason: "refused" })) : Effect.succeed(tf.scalar(1)),
            "1 millis"
          )
      })
    )
    const m = model(function* (careful: boolean) {
      yield* sample("good", Normal(0, 1))
      if (!careful) return yield* sample("bad", Normal(0, 1))
      try {
        return yield* sample("bad", Normal(0, 1))
      } catch {
        return tf.scalar(-1)
      }
    })
    const error = await errorOf(Effect.provide(m(false), refusing))
    expect(error).toMatchObject({ _tag: "SiteError", site: "bad", message: 'site "bad": refused' })
    expect(error.stack).toContain("effect.test.ts")
    expect((await run(Effect.provide(m(true), refusing))).dataSync()[0]).toBe(-1)
  })
})

describe("what is held of sites", () => {
  test("is held of eager ones: shapes, supports, names, plates", async () => {
    const m = model(function* (what: string) {
      if (what === "shape") yield* observe("y", Normal(0, 1), [1, 2])
      if (what === "support") yield* observe("y", Exponential(1), -1)
      if (what === "masked") yield* mask(observe("y", Exponential(1), -1), 0)
      if (what === "nan") yield* observe("y", Normal(0, 1), Number.NaN)
      if (what === "plate") yield* plate("p", { x: [1, 2], y: [1] }, function* () {})
      if (what === "carry")
        yield* markov("c", 0, 2, function* () {
          return tf.tensor1d([1, 2])
        })
      if (what === "twice") {
        yield* sample("x", Normal(0, 1))
        yield* plate("p", 2, function* () {
          yield* sample("x", Normal(0, 1))
        })
        yield* sample("x", Normal(0, 1))
      }
    })
    const says = async (what: string) => (await errorOf(simulate(m(what)))).message
    expect(await says("shape")).toContain('site "y": its value has shape [2], but one event of Normal has shape []')
    expect(await says("support")).toContain('site "y": its data -1 lie outside the support of Exponential')
    expect(Exit.isSuccess(await Effect.runPromiseExit(simulate(m("masked"))))).toBe(true)
    expect(await says("nan")).toContain('site "y": its data are NaN')
    expect(await says("plate")).toContain('site "p": its columns have different lengths')
    expect(await says("carry")).toContain('site "c": the carry that its step returns must have the shapes of the first one, [], got [2]')
    expect(await says("twice")).toContain('site "x": its name is used twice')
  })

  test("a body's own exception is a defect", async () => {
    const m = model(function* () {
      yield* sample("x", Normal(0, 1))
      throw new RangeError("mine")
    })
    expect(String(await Effect.runPromiseExit(simulate(m())))).toContain("RangeError")
  })
})
