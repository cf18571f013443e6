import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { Exponential, Normal, Poisson } from "../../src/distribution/index.ts"
import type { Distribution } from "../../src/distribution/index.ts"
import { ArgumentError, SiteError, TraceError } from "../../src/errors.ts"
import {
  condition,
  factor,
  inspect,
  intervene,
  logJoint,
  markov,
  mask,
  model,
  observe,
  plate,
  sample,
  scale,
  scope,
  trace
} from "../../src/model/index.ts"
import { drawn } from "../../src/model/answers.ts"
import { run as runModel } from "../../src/model/run.ts"
import { minibatch } from "../../src/model/runPlate.ts"
import { trace as traceProgram } from "../../src/trace/trace.ts"
import { errorOf } from "./oracle.ts"

const messageOf = async (effect: Effect.Effect<unknown, Error>) => (await errorOf(effect)).message

/** The line of this file that calls it. */
const lineHere = () => Number(/errors\.test\.ts:(\d+)/.exec(new Error().stack!.split("\n")[2]!)![1])

describe("a site's error", () => {
  let line = 0
  const wrongShape = model(function* () {
    line = lineHere() + 1
    yield* observe("y", Normal(0, 1), [1, 2, 3])
  })

  test("names the site and both shapes, and its stack shows the user's line", async () => {
    const error = await errorOf(trace(wrongShape()))
    expect(error).toBeInstanceOf(SiteError)
    expect(error.message).toBe(
      'site "y": its value has shape [3], but one event of Normal has shape []. For independent rows, write a plate.'
    )
    expect(error.stack).toContain(`errors.test.ts:${line}:`)
  })

  test("shows the line through handlers, plates and nested models", async () => {
    const outer = model(function* () {
      yield* plate("p", 2, function* () {
        yield* scale(wrongShape(), 2)
      })
    })
    const error = await errorOf(trace(scope(outer(), "s")))
    expect(error.message).toContain('site "s.y"')
    expect(error.stack).toContain(`errors.test.ts:${line}:`)
  })

  test("can be caught in the model, whose finally blocks run", async () => {
    const log: Array<string> = []
    const m = model(function* () {
      try {
        yield* observe("y", Normal(0, 1), [1, 2])
      } catch (error) {
        log.push((error as SiteError).site)
      } finally {
        log.push("finally")
      }
      return tf.scalar(3)
    })
    expect((await Effect.runPromise(trace(scale(m(), 2)))).result.data[0]).toBe(3)
    expect(log).toEqual(["y", "finally"])
  })
})

describe("it is an error", () => {
  test("to use a name twice, but not in two scopes", async () => {
    const inner = model(function* () {
      return yield* sample("x", Normal(0, 1))
    })
    const twice = model(function* () {
      yield* inner()
      yield* plate("p", 2, function* () {
        yield* inner()
      })
    })
    expect(await messageOf(trace(twice()))).toMatch(/^site "x": its name is used twice in one run/)
    const scoped = model(function* () {
      yield* scope(inner(), "a")
      yield* scope(inner(), "b")
    })
    expect(Object.keys((await Effect.runPromise(trace(scoped()))).sites)).toEqual(["a.x", "b.x"])
  })

  test("to give a density, a factor, a scale or a mask that is no scalar", async () => {
    const unsummed: Distribution<"real"> = { ...Normal([0, 0], 1), logProb: (x) => x }
    const m = model(function* (what: "density" | "factor" | "scale" | "mask") {
      if (what === "density") yield* sample("x", unsummed)
      if (what === "factor") yield* factor("x", [1, 2])
      if (what === "scale") yield* scale(sample("x", Normal(0, 1)), [1, 2])
      if (what === "mask") yield* mask(sample("x", Normal(0, 1)), [1, 0, 1])
    })
    expect(await messageOf(trace(m("density")))).toBe(
      'site "x": the log density of Normal has shape [2], but that of one draw must be a scalar: is a plate or a sum missing?'
    )
    expect(await messageOf(trace(m("factor")))).toContain('site "x": its log density has shape [2]')
    expect(await messageOf(trace(m("scale")))).toContain('site "x": its scale has shape [2]')
    expect(await messageOf(trace(m("mask")))).toContain('site "x": its mask has shape [3]')
  })

  test("to observe what lies outside the support, or is no number; the row is named", async () => {
    const waits = model(function* (y: ReadonlyArray<ReadonlyArray<number>>) {
      yield* plate("day", y, function* (queue) {
        yield* plate("person", queue, function* (wait) {
          yield* observe("wait", Exponential(2), wait)
        })
      })
    })
    expect(
      await messageOf(
        trace(
          waits([
            [1, 2, 3],
            [1, -2, 3]
          ])
        )
      )
    ).toMatch(/^site "wait": its data -2 in row 1 of "day" in row 1 of "person" lie outside the support of Exponential, nonnegative/)
    expect(await messageOf(trace(waits([[1, 2, NaN]])))).toMatch(/^site "wait": its data are NaN in row 0 of "day" in row 2 of "person"/)
    const counts = model(function* () {
      yield* observe("n", Poisson(2), 1.5)
    })
    expect(await messageOf(trace(counts()))).toMatch(/^site "n": its data 1.5 lie outside the support of Poisson/)
  })

  test("to leave a latent or an observation without a value", async () => {
    const m = model(function* (y?: number) {
      const mu = yield* sample("mu", Normal(0, 1))
      yield* observe("y", Normal(mu, 1), y)
    })
    expect(await messageOf(logJoint(m(1), {} as never))).toBe('site "mu": no value is given for it')
    expect(await messageOf(logJoint(m(), { mu: 1 }))).toMatch(/^site "y": it is observed, but neither/)
    expect(await Effect.runPromise(logJoint(m(), { mu: 1, y: 2 }))).toBeCloseTo(await Effect.runPromise(logJoint(m(2), { mu: 1 })), 10)
    expect(await messageOf(logJoint(m(1), { mu: 1, nu: 2 } as never))).toBe(
      'site "nu": a value is given for it, but the model has no such site. It has mu, y.'
    )
  })

  test("to give a value of another shape than the model's", async () => {
    const m = model(function* () {
      yield* plate("school", 3, function* () {
        yield* sample("theta", Normal([0, 0], 1))
      })
    })
    expect(await messageOf(logJoint(m(), { theta: [1, 2, 3] }))).toBe(
      'site "theta": the value given to it has shape [3], expected [3, 2] (a row for each of the 3 of plate "school")'
    )
    expect(await messageOf(trace(condition(m(), { theta: 0 })))).toContain("the value given to it has shape [], expected [3, 2]")
    expect(await messageOf(trace(intervene(m(), { theta: 0 })))).toContain("the value given to it has shape [], expected [3, 2]")
  })

  test("to name a site that the model has not", async () => {
    const m = model(function* () {
      yield* sample("mu", Normal(0, 1))
      yield* plate("p", 2, function* () {
        yield* sample("theta", Normal(0, 1))
      })
    })
    expect(await messageOf(trace(condition(m(), { nu: 1 } as never)))).toBe('site "nu": the model has no such site. It has mu, theta.')
  })

  test("to give a plate data that are no rows", async () => {
    const m = model(function* (data: object | number) {
      yield* plate("school", data, function* () {
        yield* sample("theta", Normal(0, 1))
      })
    })
    const says = async (data: object | number) => messageOf(trace(m(data)))
    expect(await says({ y: [1, 2], sigma: [1, 2, 3] })).toBe(
      'site "school": its columns have different lengths: "y" has 2 rows, "sigma" has 3'
    )
    expect(await says({ y: [] })).toBe('site "school": column "y" has no rows: give at least one')
    expect(await says([])).toContain("has no rows")
    expect(await says(0)).toContain("has no rows")
    expect(await says(2.5)).toContain("expected a whole number of rows, got 2.5")
    expect(await says({ y: 3 })).toContain('column "y" must be an array or a tensor with an entry for each row, got the number 3')
    expect(await says({ y: ["a"] })).toContain('column "y" must be an array or a tensor')
    expect(await says({ y: undefined })).toContain("has no columns")
    expect(await says([{ y: 1 }, { z: 1 }])).toContain("its records differ: row 0 has {y}, row 1 has {z}")
    expect(await says([{ y: [1, 2] }, { y: [1] }])).toContain('column "y": row 0 has shape [2], row 1 has [1]')
    expect(await says({ y: [[1, 2], [1]] })).toMatch(/^site "school": .*rows of equal shape/)
  })

  test("to use a row's value outside its plate without returning it", async () => {
    const leak = model(function* (how: "density" | "operation") {
      let kept: tf.Tensor = tf.scalar(0)
      yield* plate("school", 3, function* () {
        kept = yield* sample("theta", Normal(0, 1))
      })
      yield* observe("y", Normal(how === "density" ? kept : tf.add(kept, 1), 1), 0)
    })
    const density = await errorOf(trace(leak("density")))
    expect(density.message).toMatch(/^site "y": .*varies over "school" was used outside it/)
    const operation = await errorOf(trace(leak("operation")))
    expect(operation).toBeInstanceOf(TraceError)
    expect(operation.message).toContain('varies over "school" was used outside it')
  })

  test("to take more rows than there are, once rows are taken", async () => {
    const m = model(function* (size: number) {
      yield* plate(
        "row",
        [1, 2, 3],
        function* (y) {
          const z = yield* sample("z", Normal(0, 1))
          yield* observe("y", Normal(z, 1), y)
        },
        { subsample: size }
      )
    })
    const taken = (size: number) => () => traceProgram(() => runModel(m(size), { answer: drawn, param: () => ({}), rows: minibatch }))
    expect(taken(4)).toThrow(/^site "row": subsample must be a whole number from 1 to its 3 rows, got 4/)
    expect(inspect(m(2)).map(({ name }) => name)).toEqual(["z", "y"])
  })

  test("to return another carry from a step", async () => {
    const m = model(function* (next: () => object) {
      yield* markov("time", { a: 0, b: [1, 2] }, 3, function* () {
        return next() as never
      })
    })
    expect(await messageOf(trace(m(() => ({ a: tf.scalar(1) }))))).toBe(
      'site "time": the carry that its step returns must have the shapes of the first one, a [], b [2], got a []'
    )
    expect(await messageOf(trace(m(() => ({}))))).toContain("got no tensor")
  })

  test("to decide by the value of a traced tensor", async () => {
    const m = model(function* () {
      const x = yield* sample("x", Normal(0, 1))
      return x.dataSync()[0]! > 0 ? x : tf.neg(x)
    })
    expect(await messageOf(trace(m()))).toMatch(/^dataSync: the value of a traced tensor is not known/)
  })
})

test("what the body itself throws stays as it is, in a plate too", async () => {
  const bad = model(function* (where: "top" | "plate" | "chain") {
    const build = () => sample("x", Normal(0, -1))
    if (where === "top") yield* build()
    if (where === "plate")
      yield* plate("p", 2, function* () {
        yield* build()
      })
    yield* markov("c", 0, 2, function* (x) {
      yield* build()
      return x
    })
  })
  for (const where of ["top", "plate", "chain"] as const) {
    const error = await errorOf(trace(bad(where)))
    expect(error).toBeInstanceOf(ArgumentError)
    expect(error.message).toContain("Normal.scale: expected positive")
  }
  const bug = model(function* () {
    yield* plate("p", 2, function* () {
      throw new RangeError("mine")
    })
  })
  const exit = await Effect.runPromiseExit(trace(bug()))
  expect(String(exit)).toContain("RangeError")
})
