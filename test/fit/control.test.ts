/** Driving a fit: stopping, interrupting, watching, repeating. */
import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { describe, expect, test } from "vitest"
import { fullRank, meanField, neuralSplineFlow } from "../../guides/index.ts"
import { HalfCauchy, Normal } from "../../src/distribution/index.ts"
import type { Engine } from "../../src/engine/engine.ts"
import { stepwise } from "../../src/engine/stepwise.ts"
import { reference } from "../../src/engine/reference/reference.ts"
import { fit, fitStream } from "../../src/fit/index.ts"
import { Progress } from "../../src/inference/progress.ts"
import type { FitInfo } from "../../src/inference/variational.ts"
import { flatten } from "../../src/learnable/index.ts"
import { block, model, observe, sample } from "../../src/model/index.ts"

const run = Effect.runPromise
const scaleModel = model(function* (y: number) {
  const mu = yield* sample("mu", Normal(0, 3))
  const tau = yield* sample("tau", HalfCauchy(1))
  yield* observe("y", Normal(mu, tau), y)
})
const posed = scaleModel(2)

/** The reference engine, with a count of what it holds and of its runs. */
const counted = (delay = 0) => {
  const held = { compiled: 0, released: 0, runs: 0 }
  const compile: Engine["compile"] = (program) =>
    Effect.gen(function* () {
      const executable = yield* Effect.acquireRelease(
        Effect.tap(reference().compile(program), () => Effect.sync(() => held.compiled++)),
        () => Effect.sync(() => held.released++)
      )
      return {
        ...executable,
        run: (inputs) =>
          Effect.andThen(
            Effect.sync(() => held.runs++),
            delay > 0 ? Effect.delay(executable.run(inputs), delay) : executable.run(inputs)
          )
      }
    })
  const engine = stepwise({ name: "counted", compile })
  return { engine, held }
}

describe("stop", () => {
  test("completes the fit with the best state so far, and no step more", async () => {
    const { engine, held } = counted()
    const infos: Array<FitInfo> = []
    const posterior = await run(
      fit(posed, meanField(), {
        engine,
        draws: 4,
        stop: (info) => {
          infos.push(info)
          return info.step === 130
        }
      })
    )
    expect(infos.map(({ step }) => step)).toEqual(Array.from({ length: 130 }, (_, i) => i + 1))
    expect(infos[0]).toMatchObject({ steps: 2000, applied: true, rejected: 0 })
    const steps = await run(Stream.runCollect(Stream.take(fitStream(posed, meanField(), { draws: 4, engine: reference() }), 130)))
    const states = [...steps].map(({ state }) => state.parameters)
    const reached = flatten(posterior.params.guide)
    expect(states.some((p) => reached.every((v, i) => v === p[i]))).toBe(true)
    // its program, that of the diagnostics, and that of the two ends that the search for a start had
    expect(held).toMatchObject({ compiled: 3, released: 3, runs: 130 + 10 + 2 })
  })
})

describe("the best state", () => {
  test.each([1, 2, 3])("is not a later one that is worse, of seed %d", async (seed) => {
    // good for 100 steps, then far too fast: objectives of ±1e20
    const schedule = (progress: number): number => (progress <= 0.5 ? 0.01 : 3)
    const wild = await run(fit(posed, fullRank(), { steps: 200, draws: 16, learningRate: schedule, seed }))
    const calm = await run(fit(posed, fullRank(), { steps: 100, draws: 16, learningRate: () => 0.01, seed }))
    expect(wild.params).toEqual(calm.params)
  })

  test("is the last one where none is worse", async () => {
    const posterior = await run(fit(posed, fullRank(), { steps: 120, draws: 4, learningRate: 1e-5 }))
    const last = [...(await run(Stream.runCollect(fitStream(posed, fullRank(), { steps: 120, draws: 4, learningRate: 1e-5 }))))].at(-1)!
    expect(posterior.params).toEqual((await run(last.posterior)).params)
  })
})

describe("interruption", () => {
  test.each([0, 1])("is prompt, and releases what the engine holds (an engine of %d ms a step)", async (delay) => {
    const { engine, held } = counted(delay)
    const before = process.cpuUsage()
    const exit = await run(
      Effect.exit(Effect.timeout(fit(posed, neuralSplineFlow({ couplings: 1, hidden: [4] }), { engine, steps: 1_000_000 }), 300))
    )
    // of the processor, which others may be busy with
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1000).toBeLessThan(1500)
    expect(Exit.isFailure(exit)).toBe(true)
    expect(held.compiled).toBe(1)
    expect(held.released).toBe(1)
    const { runs } = held
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(held.runs).toBe(runs)
  })

  test("of a stream and of the diagnostics too", async () => {
    const { engine, held } = counted()
    const fiber = Effect.runFork(Stream.runDrain(fitStream(posed, meanField(), { engine, steps: 1_000_000 })))
    await new Promise((resolve) => setTimeout(resolve, 200))
    await run(Fiber.interrupt(fiber))
    expect(held).toMatchObject({ compiled: 1, released: 1 })

    const slow = counted(20)
    const posterior = Effect.runFork(fit(posed, meanField(), { engine: slow.engine, steps: 1 }))
    await new Promise((resolve) => setTimeout(resolve, 150))
    await run(Fiber.interrupt(posterior))
    expect(slow.held.compiled).toBe(2)
    expect(slow.held.released).toBe(2)
  })

  test("leaves others room while it runs", async () => {
    let ticks = 0
    const timer = setInterval(() => ticks++, 10)
    await run(Effect.exit(Effect.timeout(fit(posed, meanField(), { steps: 1_000_000, draws: 4 }), 500)))
    clearInterval(timer)
    expect(ticks).toBeGreaterThan(8)
  })
})

describe("a stream", () => {
  test("gives every step, and a posterior of any; taking few runs few", async () => {
    const { engine, held } = counted()
    const steps = await run(Stream.runCollect(Stream.take(fitStream(posed, fullRank(), { engine, draws: 4, steps: 100 }), 7)))
    expect([...steps].map(({ info }) => info.step)).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(held).toMatchObject({ compiled: 1, released: 1, runs: 7 })
    const posterior = await run([...steps][3]!.posterior)
    expect(posterior.summary.map(({ name }) => name)).toEqual(["mu", "tau"])
    expect(held).toMatchObject({ compiled: 3, released: 3 })
  })

  test("ends after its steps, and has the steps of fit", async () => {
    const options = { steps: 20, draws: 4, seed: 5 }
    const steps = [...(await run(Stream.runCollect(fitStream(posed, fullRank(), options))))]
    expect(steps.length).toBe(20)
    const infos: Array<FitInfo> = []
    await run(fit(posed, fullRank(), { ...options, stop: (info) => infos.push(info) < 0 }))
    expect(infos).toEqual(steps.map(({ info }) => info))
    // without stop it takes many steps at a time
    const posterior = await run(fit(posed, fullRank(), options))
    expect(posterior.params).toEqual((await run(steps.at(-1)!.posterior)).params)
  })

  test("can be gone on from: the rest is what would have come", async () => {
    const options = { steps: 30, draws: 4, seed: 5 }
    const whole = [...(await run(Stream.runCollect(fitStream(posed, fullRank(), options))))]
    const rest = [...(await run(Stream.runCollect(fitStream(posed, fullRank(), { ...options, from: whole[11]!.state }))))]
    expect(rest.map(({ info }) => info)).toEqual(whole.slice(12).map(({ info }) => info))
    expect(rest.at(-1)!.state).toEqual(whole.at(-1)!.state)
    const done = await run(fit(posed, fullRank(), { ...options, from: whole.at(-1)!.state }))
    expect(done.params).toEqual((await run(whole.at(-1)!.posterior)).params)
    const other = await run(Effect.flip(fit(posed, meanField(), { ...options, from: whole[3]!.state })))
    expect(other.message).toBe(
      "fit.from: expected a state with 4 parameters, got a state with 5 parameters. Go on with the same model and guide."
    )
    const { state } = whole[3]!
    const refused = async (from: unknown) =>
      (await run(Effect.flip(fit(posed, fullRank(), { ...options, from: from as typeof state })))).message
    expect(await refused(JSON.parse(JSON.stringify(state)))).toContain("expected a state of a fit, of typed arrays, got something else")
    expect(await refused({ ...state, first: new Float64Array(2) })).toContain("got a state with 2 parameters")
    expect(await refused({ ...state, step: -1.5 })).toContain("expected whole numbers of steps, got -1.5")
  })
})

describe("progress", () => {
  const told = () => {
    const events: Array<string> = []
    const service: Progress = {
      start: (name, total) =>
        Effect.acquireRelease(
          Effect.sync(() => {
            events.push(`start ${name} ${total}`)
            return { update: (done: number, note: string) => void events.push(`${done} ${note}`) }
          }),
          () => Effect.sync(() => events.push("end"))
        )
    }
    return { events, layer: Layer.succeed(Progress, service) }
  }

  test("is told of start, steps, several at a time, and end", async () => {
    const { events, layer } = told()
    await run(Effect.provide(fit(posed, meanField(), { steps: 60, draws: 4 }), layer))
    expect(events[0]).toBe("start mean field 60")
    const done = events.slice(1, -1).map((e) => Number(e.split(" ")[0]))
    expect(done).toEqual([...new Set(done)].sort((a, b) => a - b))
    expect([done[0], done.at(-1)]).toEqual([1, 60])
    expect(events[1]).toMatch(/^1 ELBO -?\d+\.\d\d$/)
    expect(events.at(-1)).toBe("end")
  })

  test("is told of the end of what is interrupted", async () => {
    const { events, layer } = told()
    await run(Effect.exit(Effect.timeout(Effect.provide(fit(posed, meanField(), { steps: 1_000_000, draws: 4 }), layer), 150)))
    expect(events.at(-1)).toBe("end")
  })
})

describe("seeds", () => {
  const fitted = (seed: number) => run(fit(posed, neuralSplineFlow({ couplings: 1, hidden: [4] }), { steps: 15, draws: 4, seed }))

  test("equal ones give equal bits, different ones different fits", async () => {
    const [a, b, c] = [await fitted(4), await fitted(4), await fitted(5)]
    expect(a.params).toEqual(b.params)
    expect(a.summary).toEqual(b.summary)
    expect(a.diagnostics).toEqual(b.diagnostics)
    expect(c.summary).not.toEqual(a.summary)
  })

  test("fits do not see one another", async () => {
    const alone = await fitted(4)
    const [beside] = await run(
      Effect.all(
        [
          fit(posed, neuralSplineFlow({ couplings: 1, hidden: [4] }), { steps: 15, draws: 4, seed: 4 }),
          fit(scaleModel(-1), fullRank(), { steps: 50 })
        ],
        { concurrency: 2 }
      )
    )
    expect(beside.params).toEqual(alone.params)
  })
})

test("a hidden draw is part of no posterior", async () => {
  const nuisance = block(
    model(function* () {
      return yield* sample("shift", Normal(0, 1))
    })(),
    "shift"
  )
  const m = model(function* () {
    const shift = yield* nuisance
    const mu = yield* sample("mu", Normal(0, 1))
    yield* observe("y", Normal(tf.add(mu, tf.mul(0, shift)), 1), 1)
  })
  const posterior = await run(fit(m(), fullRank(), { steps: 50, draws: 4 }))
  expect(posterior.summary.map(({ name }) => name)).toEqual(["mu"])
})
