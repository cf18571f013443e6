/** Driving the fit of a density: minibatches, early stopping, watching, interrupting, repeating. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as fc from "fast-check"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { afterEach, describe, expect, test, vi } from "vitest"
import { fullRank, neuralSplineFlow, realNVP } from "../../guides/index.ts"
import { Normal } from "../../src/distribution/index.ts"
import type { Engine, Inputs } from "../../src/engine/engine.ts"
import { reference } from "../../src/engine/reference/reference.ts"
import { stepwise } from "../../src/engine/stepwise.ts"
import { wasm } from "../../src/engine/wasm/wasm.ts"
import { type DensityOptions, fitDensity, fitDensityStream } from "../../src/fit/index.ts"
import { type Average, withPlace } from "../../src/inference/average.ts"
import { batches, shuffled } from "../../src/inference/batches.ts"
import { Progress } from "../../src/inference/progress.ts"
import { constantRate } from "../../src/inference/schedule.ts"
import type { FitInfo } from "../../src/inference/variational.ts"
import { flatten } from "../../src/learnable/tree.ts"
import { learnableAffineCoupling, learnableElementwiseAffine, mlp, sequence } from "../../src/learnable/index.ts"
import { model, sample } from "../../src/model/index.ts"
import { fold, keyOf } from "../../src/random/key.ts"
import { normals } from "../support/numbers.ts"

const run = Effect.runPromise
const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length
const points = (seed: number, n: number, d = 2): Array<Array<number>> => {
  const z = normals(seed, n * d)
  return Array.from({ length: n }, (_, i) => Array.from({ length: d }, (_, j) => z[i * d + j]! + (j > 0 ? z[i * d]! ** 2 : 0)))
}
const small = realNVP({ couplings: 1, hidden: [8] })
afterEach(() => vi.restoreAllMocks())

describe("minibatches", () => {
  test("go through all rows once an epoch, as far as they fill batches, and depend on key and step alone", () =>
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat({ max: 500 }), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer(),
        fc.nat({ max: 50 }),
        (given, wanted, seed, from) => {
          const rows = Int32Array.from(given)
          const size = Math.min(wanted, rows.length)
          const perEpoch = Math.floor(rows.length / size)
          const of = batches(rows, size, keyOf(seed))
          const epoch = of(from * perEpoch, perEpoch)
          expect(epoch.length).toBe(perEpoch * size)
          expect(new Set(epoch).size).toBe(epoch.length)
          expect(epoch.every((row) => given.includes(row))).toBe(true)
          // in pieces, and out of order
          const other = batches(rows, size, keyOf(seed))
          const pieces = Array.from({ length: perEpoch }, (_, k) => [...other(from * perEpoch + perEpoch - 1 - k, 1)]).reverse()
          expect(pieces.flat()).toEqual([...epoch])
          expect([...of(from * perEpoch - Math.min(from, 1), 2)].slice(0, size)).toEqual([...other(from * perEpoch - Math.min(from, 1), 1)])
        }
      ),
      { seed: 2, numRuns: 100 }
    ))

  test("come in all orders alike", () => {
    const counts = new Map<string, number>()
    for (let k = 0; k < 6000; k++) {
      const order = shuffled(Int32Array.of(0, 1, 2), fold(keyOf(5), k)).join("")
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    // χ² of 5 degrees of freedom: 20.5 is its 99.9% quantile (scipy.stats.chi2.ppf)
    expect([...counts.values()].reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0)).toBeLessThan(20.5)
    expect(counts.size).toBe(6)
  })

  test("are what a step is computed of: an epoch's mean is that of its rows", async () => {
    const data = points(1, 60)
    const seen: Array<ReadonlyArray<number>> = []
    const watched = { ...reference() }
    const compile: Engine["compile"] = (program) =>
      Effect.map(watched.compile(program), (executable) => ({
        ...executable,
        run: (inputs: Inputs) => {
          if (inputs["rows"] !== undefined) seen.push([...inputs["rows"]])
          return executable.run(inputs)
        }
      }))
    const options = { batch: 10, heldOut: 0, epochs: 3, learningRate: constantRate(0), engine: stepwise({ name: "watched", compile }) }
    const density = await run(fitDensity(small, data, options))
    const whole = mean(await run(density.logDensity(data)))
    for (const { training } of density.history) expect(training).toBeCloseTo(whole, 10)
    expect(seen.length).toBe(18)
    for (const epoch of [0, 1, 2]) {
      const rows = seen.slice(6 * epoch, 6 * epoch + 6).flat()
      expect([...rows].sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, i) => i))
      expect(rows).not.toEqual(seen.slice(6 * epoch + 6, 6 * epoch + 12).flat())
    }
  })

  test("leave out what is held out, which judges the states", async () => {
    const data = points(2, 50)
    const seen = new Set<number>()
    const compile: Engine["compile"] = (program) =>
      Effect.map(reference().compile(program), (executable) => ({
        ...executable,
        run: (inputs: Inputs) => {
          inputs["rows"]?.forEach((row) => seen.add(row))
          return executable.run(inputs)
        }
      }))
    const density = await run(
      fitDensity(small, data, { batch: 5, heldOut: 0.3, epochs: 4, engine: stepwise({ name: "watched", compile }) })
    )
    expect(seen.size).toBe(35)
    const apart = data.filter((_, i) => !seen.has(i))
    const figures = await run(density.logDensity(apart))
    expect(density.heldOut!.value).toBeCloseTo(mean(figures), 12)
    const variance = figures.reduce((sum, v) => sum + (v - mean(figures)) ** 2, 0) / 14
    expect(density.heldOut!.error).toBeCloseTo(Math.sqrt(variance / 15), 12)
  })
})

describe("the average of the parameters", () => {
  const options = { batch: 30, heldOut: 0, seed: 2, engine: reference() }
  const data = points(6, 330)

  const epochs = async (more: DensityOptions) => [
    ...(await run(Stream.runCollect(fitDensityStream(small, data, { ...options, epochs: 4, ...more }))))
  ]

  test("is of the states at the ends of short epochs", async () => {
    const raw = await epochs({ batch: 110, averaging: 0 })
    const averaged = await epochs({ batch: 110, averaging: 0.3 })
    let before: Average | undefined
    for (const [i, { state, density }] of averaged.entries()) {
      expect(state.parameters).toEqual(raw[i]!.state.parameters)
      expect(flatten(raw[i]!.density.params)).toEqual(state.parameters)
      before = withPlace(before, state.parameters, 0.3)
      expect(state.average).toEqual(before)
      expect(flatten(density.params)).toEqual(before.parameters)
    }
  })

  test("takes in states at most ten steps apart", async () => {
    // 22 steps an epoch
    const averaged = await epochs({ batch: 15 })
    expect(averaged.map(({ state }) => state.average!.count)).toEqual([3, 6, 9, 12])
  })

  test("does not depend on how the steps are cut into stretches", async () => {
    const of = (stop?: () => boolean) => run(fitDensity(small, data, { ...options, batch: 10, epochs: 2, ...(stop && { stop }) }))
    expect((await of(() => false)).params).toEqual((await of()).params)
  })

  // Started at the optimum, what is lost is the noise of the minibatches.
  test("is nearer to the optimum than the last state", async () => {
    const loss = async (averaging: number, seed: number): Promise<number> => {
      const cloud = points(100 + seed, 200, 3)
      const best = await run(fitDensity(fullRank(), cloud, { heldOut: 0, steps: 1, learningRate: constantRate(0) }))
      const found = await run(
        fitDensity(fullRank(), cloud, { heldOut: 0, batch: 20, steps: 400, learningRate: constantRate(0.01), seed, averaging })
      )
      return mean(await run(best.logDensity(cloud))) - mean(await run(found.logDensity(cloud)))
    }
    for (const seed of [1, 2, 3]) {
      const [last, averaged] = [await loss(0, seed), await loss(0.2, seed)]
      expect(last).toBeGreaterThan(0)
      expect(averaged).toBeGreaterThan(0)
      expect(averaged).toBeLessThan(0.3 * last)
    }
  })
})

describe("early stopping", () => {
  // 60 points for thousands of parameters
  const [flow, data] = [neuralSplineFlow({ couplings: 2, hidden: [32, 32] }), points(3, 120)]
  const options = { heldOut: 0.5, batch: 60, learningRate: constantRate(0.01) }

  test("gives the best state by the points held out, `patience` epochs after it", async () => {
    const stopped = await run(fitDensity(flow, data, { ...options, epochs: 300, patience: 15 }))
    const figures = stopped.history.map(({ heldOut }) => heldOut!)
    const best = figures.indexOf(Math.max(...figures))
    expect(figures.length).toBe(best + 1 + 15)
    expect(figures.length).toBeLessThan(300)
    expect(stopped.heldOut!.value).toBe(figures[best])
    const again = await run(fitDensity(flow, data, { ...options, epochs: best + 1 }))
    expect(again.params).toEqual(stopped.params)
    // without patience the same state is found among all, if none is better later
    const whole = await run(fitDensity(flow, data, { ...options, epochs: 300 }))
    const all = whole.history.map(({ heldOut }) => heldOut!)
    expect(whole.heldOut!.value).toBe(Math.max(...all))
    expect(all.slice(0, figures.length)).toEqual(figures)
    // it is overfitting that it ends: training goes on to improve
    expect(all.at(-1)).toBeLessThan(Math.max(...all) - 0.2)
    expect(whole.history.at(-1)!.training).toBeGreaterThan(whole.history[best]!.training)
  })

  test("is without points held out the end: the last state", async () => {
    const last = await run(fitDensity(flow, data, { ...options, heldOut: 0, epochs: 4, patience: 1 }))
    const states = await run(Stream.runCollect(fitDensityStream(flow, data, { ...options, heldOut: 0, epochs: 4 })))
    expect(last.params).toEqual([...states].at(-1)!.density.params)
    expect(last.heldOut).toBeUndefined()
    expect(last.history.every((epoch) => !("heldOut" in epoch))).toBe(true)
  })

  test("by `stop` is at once", async () => {
    const infos: Array<number> = []
    const stop = ({ step }: { readonly step: number }): boolean => infos.push(step) === 5
    const density = await run(fitDensity(small, points(4, 100), { batch: 30, stop }))
    expect(infos).toEqual([1, 2, 3, 4, 5])
    expect(density.history.map(({ epoch, step }) => [epoch, step])).toEqual([
      [1, 3],
      [2, 5]
    ])
  })
})

describe("a stream", () => {
  test("has a density of each epoch, those that fitDensity chooses from", async () => {
    const options = { batch: 20, epochs: 6, seed: 4 }
    const steps = [...(await run(Stream.runCollect(fitDensityStream(small, points(5, 100), options))))]
    const density = await run(fitDensity(small, points(5, 100), options))
    expect(steps.map(({ epoch }) => epoch)).toEqual(density.history)
    expect(steps.map((s) => s.density.history.length)).toEqual([1, 2, 3, 4, 5, 6])
    const best = steps.find((s) => s.density.heldOut!.value === density.heldOut!.value)!
    expect(best.density.params).toEqual(density.params)
  })

  test("can be gone on from any of its states, with the same bits", async () => {
    const options = { batch: 20, epochs: 6, seed: 4, heldOut: 0 }
    const steps = [...(await run(Stream.runCollect(fitDensityStream(small, points(5, 100), options))))]
    const resumed = await run(fitDensity(small, points(5, 100), { ...options, from: steps[1]!.state }))
    expect(resumed.params).toEqual(steps.at(-1)!.density.params)
    expect(resumed.history).toEqual(steps.slice(2).map(({ epoch }) => epoch))
    // and there is nothing to do from the last
    const done = await run(fitDensity(small, points(5, 100), { ...options, heldOut: 0.1, from: steps.at(-1)!.state }))
    expect(done.history).toEqual([])
    expect(done.params).toEqual(steps.at(-1)!.density.params)
    expect(done.heldOut).toBeDefined()
  })
})

test("interruption is prompt, and releases what the engine holds", async () => {
  const held = { compiled: 0, released: 0, runs: 0 }
  const { promise: underWay, resolve: begun } = Promise.withResolvers<void>()
  const compile: Engine["compile"] = (program) =>
    Effect.map(
      Effect.acquireRelease(
        Effect.tap(reference().compile(program), () => Effect.sync(() => held.compiled++)),
        () => Effect.sync(() => held.released++)
      ),
      (executable) => ({
        ...executable,
        run: (inputs: Inputs) => Effect.tap(executable.run(inputs), () => Effect.sync(() => ++held.runs === 50 && begun()))
      })
    )
  const fiber = Effect.runFork(fitDensity(small, points(1, 200), { engine: stepwise({ name: "counted", compile }), steps: 1_000_000 }))
  await underWay
  await run(Fiber.interrupt(fiber))
  expect(held).toMatchObject({ compiled: 2, released: 2 })
  expect(held.runs).toBeLessThan(10_000)
  const { runs } = held
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(held.runs).toBe(runs)
})

test("progress is told", async () => {
  const seen: Array<readonly [number, string]> = []
  const started: Array<readonly [string, number]> = []
  const layer = Layer.succeed(Progress, {
    start: (name: string, total: number) => {
      started.push([name, total])
      return Effect.succeed({ update: (done: number, note: string) => void seen.push([done, note]) })
    }
  })
  await run(Effect.provide(fitDensity(small, points(1, 100), { batch: 45, epochs: 10 }), layer))
  expect(started).toEqual([["RealNVP", 20]])
  expect(seen.at(-1)![0]).toBe(20)
  expect(seen.at(-1)![1]).toMatch(/^log density -?\d+\.\d\d, held out -?\d+\.\d\d$/)
})

describe("repeated", () => {
  const fitted = (seed: number, data = points(6, 120)) => fitDensity(small, data, { batch: 25, epochs: 3, seed })

  test("the same seed gives the same bits, another one others", async () => {
    const [a, b, c] = [await run(fitted(1)), await run(fitted(1)), await run(fitted(2))]
    expect(a).toMatchObject({ params: b.params, history: b.history, heldOut: b.heldOut! })
    expect(c.params).not.toEqual(a.params)
    expect(await run(a.draws(3))).toEqual(await run(b.draws(3)))
  })

  test("other data of the same shapes compile nothing, contexts and models too", async () => {
    const modules = vi.spyOn(WebAssembly, "Module")
    const context = (seed: number) => points(seed, 120, 3)
    const engine = wasm()
    const all = (seed: number) =>
      Effect.gen(function* () {
        const plain = yield* fitDensity(small, points(seed, 120), { batch: 25, epochs: 2, seed, engine })
        const given = yield* fitDensity(small, points(seed, 120), {
          ...{ batch: 25, epochs: 2, seed, engine, context: context(seed) },
          embedding: mlp({ inputs: 3, outputs: 2, hidden: [4] })
        })
        const fresh = model(function* (location: ReadonlyArray<number>) {
          return yield* sample("x", Normal(location, 1))
        })([seed, 1])
        yield* fitDensity(fullRank(), fresh, { steps: 2, engine, seed })
        yield* plain.logDensity(points(seed, 7))
        yield* plain.draws(seed)
        yield* plain.layers(seed)
        yield* given.logDensity(points(seed, 7), { context: [1, seed, 2] })
        yield* given.latent(points(seed, 7), { context: points(seed, 7, 3) })
      })
    await run(all(6))
    const compiled = modules.mock.calls.length
    expect(compiled).toBeGreaterThan(0)
    await run(all(7))
    expect(modules.mock.calls.length).toBe(compiled)
  })
})

describe("steps that are not finite", () => {
  test("are not applied: ten in a row fail where they arise, with what was reached", async () => {
    // the squares of these are infinite
    const far = points(1, 40).map(([x, y]) => [x!, 1e200 * y!])
    const flow = sequence([learnableAffineCoupling({ size: 2, hidden: [4] }), learnableElementwiseAffine({ shift: [0, 0], scale: [1, 1] })])
    const error = await run(Effect.flip(fitDensity(flow, far)))
    expect(error).toMatchObject({ _tag: "FitError", step: 10, state: { applied: 0 } })
    expect(error.message).toMatch(/density sequence > base, operation square .*\(infinite\)/)
    // a family that starts from their covariance has no trouble
    const fine = await run(fitDensity(small, far, { epochs: 3 }))
    expect(fine.heldOut!.value).toBeLessThan(-400)
    expect((await run(fine.draws(4))).data.every(Number.isFinite)).toBe(true)
  })

  test("that come and go are taken back", async () => {
    const schedule = (progress: number): number => (progress > 0.5 && progress < 0.53 ? 1e300 : 0.001)
    const infos: Array<FitInfo> = []
    const stop = (info: FitInfo): boolean => infos.push(info) < 0
    const density = await run(fitDensity(small, points(1, 100), { batch: 45, epochs: 100, learningRate: schedule, stop }))
    expect(infos.at(-1)!.rejected).toBeGreaterThan(0)
    expect(infos.at(-1)!.rate).toBeLessThan(0.001)
    expect(density.history.every(({ training, heldOut }) => !Number.isNaN(heldOut) && !(training > 0))).toBe(true)
    expect(density.heldOut!.value).toBeGreaterThan(-4)
  })
})
