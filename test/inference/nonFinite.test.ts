/** The rule for steps that are not finite: not applied, back to where it was finite, half the rate, counted; ten in a row stop the fit. */
import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { describe, expect, test } from "vitest"
import type { Engine } from "../../src/engine/engine.ts"
import { stepwise } from "../../src/engine/stepwise.ts"
import { Normal, Uniform } from "../../src/distribution/index.ts"
import { positive } from "../../src/constraint/index.ts"
import { fit, fitStream } from "../../src/fit/index.ts"
import type { TypedArray } from "../../src/graph/types.ts"
import { FitError } from "../../src/inference/errors.ts"
import { constantRate } from "../../src/inference/schedule.ts"
import type { FitInfo, FitState } from "../../src/inference/variational.ts"
import { variational } from "../../src/inference/variational.ts"
import { parameter } from "../../src/learnable/index.ts"
import { factor, model, observe, param, sample } from "../../src/model/index.ts"
import { placeholder, programOf, trace } from "../../src/trace/trace.ts"
import { range } from "./support.ts"

const run = Effect.runPromise
/** Its inputs and outputs are a step's; what it computes is scripted. */
const step = {
  program: trace(() => {
    const [parameters, first, second] = ["parameters", "first", "second"].map((name) => placeholder(name, [1])) as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor
    ]
    const rate = placeholder("rate", [])
    placeholder("count", [])
    placeholder("key", [3], "u32")
    return programOf([tf.add(parameters, rate), first, second, tf.fill([3], 0)])
  }).result,
  draws: 2
}
const params = { guide: { shape: [1], data: Float64Array.of(0) } }

/** An engine whose steps move the one parameter by the rate, and whose i-th objective is given. */
const scripted = (objectives: ReadonlyArray<number>, seen: Array<Readonly<Record<string, TypedArray>>> = []): Engine => {
  const compile: Engine["compile"] = (program) =>
    Effect.succeed({
      program,
      run: (inputs) =>
        Effect.sync(() => {
          const objective = objectives[seen.length % objectives.length]!
          seen.push(inputs)
          const moved = [inputs["parameters"]![0]! + inputs["rate"]![0]!]
          return [moved, [0.5], [0.25], [objective, 2, 4]].map((a) => Float64Array.from(a))
        })
    })
  return stepwise({ name: "scripted", compile })
}

const steps = (engine: Engine, count: number) =>
  Effect.scoped(
    Effect.gen(function* () {
      const algorithm = yield* variational(step, params, { seed: 3, steps: 100, schedule: constantRate(1), engine })
      const taken: Array<readonly [FitState, FitInfo]> = [[algorithm.init, {} as FitInfo]]
      for (let i = 0; i < count; i++) {
        const [state, [info]] = yield* algorithm.advance(taken.at(-1)![0], 1)
        taken.push([state, info!])
      }
      return taken
    })
  )

describe("a step that is not finite", () => {
  test.each([NaN, Infinity, -Infinity])("(%d) is not applied: back, at half the rate", async (bad) => {
    const seen: Array<Readonly<Record<string, TypedArray>>> = []
    const taken = await run(steps(scripted([1, 1, bad, 1], seen), 4))
    const states = taken.map(([state]) => state)
    expect(states.map(({ parameters }) => parameters[0])).toEqual([0, 1, 2, 1, 1.5])
    expect(states.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4])
    expect(states.map(({ applied }) => applied)).toEqual([0, 1, 2, 1, 2])
    expect(states.map(({ damping }) => damping)).toEqual([1, 1, 1, 0.5, expect.closeTo(0.5 * 2 ** 0.01, 14)])
    expect(states.map(({ rejected, rejectedInARow }) => [rejected, rejectedInARow])).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
      [1, 1],
      [1, 0]
    ])
    // the retry has its own noise, and Adam counts what led to where it is
    expect(seen.map(({ key }) => Array.from(key!))).toEqual(range(4).map((step) => [0, 3, step]))
    expect(seen.map(({ count }) => count![0])).toEqual([1, 2, 3, 2])
    expect(seen.map(({ first }) => first![0])).toEqual([0, 0.5, 0.5, 0.5])
    const infos = taken.slice(1).map(([, info]) => info)
    expect(infos.map(({ applied }) => applied)).toEqual([true, true, false, true])
    expect(infos.map(({ elbo }) => elbo)).toEqual([1, 1, NaN, 1])
    expect(infos[0]!.elboError).toBeCloseTo(1, 14)
    expect(infos[2]!.elboError).toBeNaN()
    expect(infos.map(({ rate }) => rate)).toEqual([1, 1, 1, 0.5])
    expect(infos.map(({ rejected }) => rejected)).toEqual([0, 0, 1, 1])
    expect(infos[0]!.gradientNorm).toBe(2)
  })

  test("costs the rate no more than a hundred steps that are", async () => {
    const taken = await run(steps(scripted([NaN, ...range(99).map(() => 1), 1, 1, 1]), 103))
    expect(taken[50]![0].damping).toBeCloseTo(0.5 * 2 ** 0.49, 12)
    expect(taken.at(-1)![0].damping).toBe(1)
  })

  test("does not stop a fit nine times in a row, but the tenth time", async () => {
    const nine = await run(steps(scripted([1, 1, ...range(9).map(() => NaN), 1]), 12))
    expect(nine.at(-1)![0]).toMatchObject({ rejected: 9, rejectedInARow: 0 })
    expect(nine[11]![0].damping).toBe(2 ** -9)
    const error = await run(Effect.flip(steps(scripted([1, 1, ...range(10).map(() => NaN)]), 12)))
    expect(error).toBeInstanceOf(FitError)
    expect(error as FitError).toMatchObject({ step: 12, state: { rejectedInARow: 10, rejected: 10, damping: 2 ** -10 } })
    expect((error as FitError).state!.parameters[0]).toBe(1)
  })

  test("a schedule that is no rate is an error that says so", async () => {
    const wrong = Effect.scoped(
      Effect.flatMap(
        variational(step, params, { seed: 0, steps: 10, schedule: (p) => (p < 0.15 ? 1 : NaN), engine: scripted([1]) }),
        ({ init, advance }) => advance(init, 2)
      )
    )
    expect((await run(Effect.flip(wrong))).message).toBe(
      "learningRate: expected a schedule of finite numbers, none below 0, got NaN at 0.2."
    )
  })
})

/** Not a number above x = 2, where a guide that starts at `at` meets it now and then. */
const cliff = model(function* () {
  const x = yield* sample("x", Normal(0, 1))
  yield* factor("cliff", tf.sqrt(tf.sub(2, x)))
})
const around = model(function* (at: number, scale: number) {
  const centre = yield* param("centre", parameter(at))
  const spread = yield* param("spread", parameter(scale, positive))
  yield* sample("x", Normal(centre, spread))
})

describe("a model that is not a number somewhere", () => {
  test("is fitted around it; what was rejected is in infos and in the verdict", async () => {
    const infos = await run(Stream.runCollect(fitStream(cliff(), around(-1.5, 0.9), { steps: 300, draws: 8, learningRate: 0.01, seed: 1 })))
    const rejected = [...infos].filter(({ info }) => !info.applied)
    expect(rejected.length).toBeGreaterThan(0)
    expect([...infos].at(-1)!.info.rejected).toBe(rejected.length)
    expect([...infos].every(({ state }) => state.parameters.every(Number.isFinite))).toBe(true)
    const posterior = await run(fit(cliff(), around(-1.5, 0.9), { steps: 300, draws: 8, learningRate: 0.01, seed: 1 }))
    expect(posterior.diagnostics.rejected).toBeGreaterThan(0)
    expect(posterior.verdict.text).toMatch(
      new RegExp(`${posterior.diagnostics.rejected} steps? of the fit gave numbers that were not finite`)
    )
    // some of 10,000 fresh draws fall beyond the cliff
    expect(posterior.diagnostics.undefined).toBeGreaterThan(0)
    expect(posterior.verdict.kind).toBe("distrust")
    expect(posterior.verdict.text).toContain(`at ${posterior.diagnostics.undefined} of 10000 the density`)
    expect((await run(posterior.draws(5))).x.data.every(Number.isFinite)).toBe(true)
    expect((await run(Effect.flip(posterior.weighted(10_000)))).message).toMatch(/psis.logWeights.*NaN at draw \d+/)
  })

  test("ten in a row name where it arose; fit goes on from the error's state", async () => {
    const options = { steps: 40, draws: 8 }
    const error = await run(Effect.flip(fit(cliff(), around(2.5, 0.5), options)))
    expect(error).toBeInstanceOf(FitError)
    const { where, state, step, message } = error as FitError
    expect(where).toContain('after site "x", operation sqrt')
    expect(message).toMatch(/^fit stopped at step \d+, after site "x".*10 steps in a row gave numbers that are not finite\. .*constraint/)
    expect(state!.parameters.every(Number.isFinite)).toBe(true)
    const posterior = await run(fit(cliff(), around(2.5, 0.5), { ...options, steps: step, from: state! }))
    expect(posterior.params.guide).toMatchObject({ centre: { value: { data: Float64Array.of(state!.parameters[0]!) } } })
    expect(posterior.verdict.kind).toBe("distrust")
  })

  test("a density of 0 at draws of the guide names the site, and says what to do", async () => {
    const bounded = model(function* () {
      const top = yield* sample("top", Normal(0, 1))
      yield* observe("y", Uniform(0, tf.exp(top)), 5)
    })
    const guide = model(function* () {
      const centre = yield* param("centre", parameter(0))
      yield* sample("top", Normal(centre, 0.1))
    })
    const error = (await run(Effect.flip(fit(bounded(), guide(), { steps: 20, draws: 4 })))) as FitError
    expect(error.where).toContain('site "y"')
    expect(error.where).toContain("infinite")
    expect(error.remedy).toContain("support")
  })

  test("a first step that is too long is taken back", async () => {
    // exp overflows after the first step of 500
    const steep = model(function* () {
      const x = yield* sample("x", Normal(0, 1))
      yield* factor("steep", tf.mul(-1e-3, tf.exp(tf.square(x))))
    })
    const [states, rates] = [[] as Array<number>, constantRate(500)]
    await run(
      Stream.runForEach(fitStream(steep(), around(0.5, 0.3), { steps: 40, draws: 8, learningRate: rates }), ({ state }) =>
        Effect.sync(() => states.push(state.parameters[0]!))
      )
    )
    expect(Math.abs(states[0]!)).toBeGreaterThan(400)
    expect(Math.abs(states.at(-1)!)).toBeLessThan(20)
  })
})
