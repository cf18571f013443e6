/** What can be wrong with a fit: errors that name the argument, the site or the row, and no defects. */
import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { describe, expect, test } from "vitest"
import { fullRank } from "../../guides/index.ts"
import { Bernoulli, HalfNormal, Normal, Poisson, Uniform } from "../../src/distribution/index.ts"
import type { FitFailure, FitOptions } from "../../src/fit/index.ts"
import { fit, fitStream } from "../../src/fit/index.ts"
import { parameter } from "../../src/learnable/index.ts"
import { block, deterministic, factor, model, observe, param, plate, sample } from "../../src/model/index.ts"

const run = Effect.runPromise
const failure = <E>(effect: Effect.Effect<unknown, E>): Promise<E> => run(Effect.flip(effect))
const few = { steps: 5, draws: 2 }

const location = model(function* (y: ReadonlyArray<number>) {
  const mu = yield* sample("mu", Normal(0, 1))
  yield* plate("row", { y }, function* (row) {
    yield* observe("y", Normal(mu, 1), row.y)
  })
})
const posed = location([1, 2])

describe("options", () => {
  const cases: ReadonlyArray<readonly [FitOptions, string]> = [
    [{ steps: 0 }, "fit.steps: expected a whole number, at least 1, got 0."],
    [{ steps: 2.5 }, "fit.steps: expected a whole number, at least 1, got 2.5."],
    [{ draws: -3 }, "fit.draws: expected a whole number, at least 1, got -3."],
    [{ draws: NaN }, "fit.draws: expected a whole number, at least 1, got NaN."],
    [{ learningRate: NaN }, "fit.learningRate: expected a positive number, got NaN."],
    [{ learningRate: -1 }, "fit.learningRate: expected a positive number, got -1."],
    [{ learningRate: Infinity }, "fit.learningRate: expected a positive number, got Infinity."],
    [{ seed: 0.5 }, "fit.seed: expected a whole number, got 0.5."]
  ]
  test.each(cases)("%o", async (options, message) => {
    for (const effect of [fit(posed, fullRank(), options), Stream.runDrain(fitStream(posed, fullRank(), options))]) {
      expect(await failure<FitFailure>(effect)).toMatchObject({ _tag: "ArgumentError", message })
    }
  })

  test("of a posterior", async () => {
    const posterior = await run(fit(posed, fullRank(), few))
    expect((await failure(posterior.draws(0))).message).toBe("draws: expected a whole number, at least 1, got 0.")
    expect((await failure(posterior.weighted(-1))).message).toBe("weighted: expected a whole number, at least 1, got -1.")
    expect((await failure(posterior.draws(3, { seed: NaN }))).message).toContain("NaN")
    expect((await failure(posterior.predictive(posed, { draws: 1.5 }))).message).toContain("1.5")
  })
})

describe("models", () => {
  test("without latents", async () => {
    const empty = model(function* () {
      yield* observe("y", Normal(0, 1), 1)
    })
    expect(await failure(fit(empty(), fullRank()))).toMatchObject({ _tag: "ArgumentError", argument: "fit.model" })
    expect((await failure(fit(empty(), fullRank()))).message).toContain("latent")
  })

  test("without data for an observation", async () => {
    const asked = model(function* (y?: number) {
      const mu = yield* sample("mu", Normal(0, 1))
      yield* observe("y", Normal(mu, 1), y)
    })
    expect(await failure(fit(asked(), fullRank()))).toMatchObject({ _tag: "SiteError", site: "y" })
    expect((await failure(fit(asked(), fullRank()))).message).toContain("no value")
  })

  test("with data that are NaN, or outside the support: site and row", async () => {
    expect((await failure(fit(location([1, NaN, 2]), fullRank()))).message).toMatch(/site "y": its data are NaN in row 1 of "row"/)
    const counts = model(function* (y: ReadonlyArray<number>) {
      const rate = yield* sample("rate", HalfNormal(1))
      yield* plate("day", { y }, function* (day) {
        yield* observe("n", Poisson(rate), day.y)
      })
    })
    expect((await failure(fit(counts([2, 0, -1]), fullRank()))).message).toMatch(
      /site "n": its data -1 in row 2 of "day" lie outside the support/
    )
  })

  test("with a discrete latent: by its type, and when it runs", async () => {
    const switched = model(function* () {
      const k = yield* sample("k", Bernoulli(0))
      yield* observe("y", Normal(tf.cast(k, "float32"), 1), 0.4)
    })
    // @ts-expect-error a discrete latent
    const error = await failure<FitFailure>(fit(switched(), fullRank()))
    expect(error).toMatchObject({ _tag: "SiteError", site: "k" })
    expect(error.message).toMatch(/discrete \(Bernoulli\).*Sum it out/)
  })

  test("with latents in a plate that is subsampled", async () => {
    const local = model(function* (y: ReadonlyArray<number>) {
      const mu = yield* sample("mu", Normal(0, 1))
      yield* plate(
        "row",
        { y },
        function* (row) {
          const theta = yield* sample("theta", Normal(mu, 1))
          yield* observe("y", Normal(theta, 1), row.y)
        },
        { subsample: 2 }
      )
    })
    expect((await failure(fit(local([1, 2, 3]), fullRank()))).message).toMatch(/site "theta": .*"row".*subsampled/)
  })
})

describe("guides written by hand", () => {
  const pair = model(function* () {
    const mu = yield* sample("mu", Normal([0, 0], 1))
    const tau = yield* sample("tau", HalfNormal(1))
    yield* observe("y", Normal(tf.sum(mu), tau), 1)
  })
  const at = parameter(0)

  test("that miss a site", async () => {
    const guide = model(function* () {
      const m = yield* param("m", at)
      yield* sample("mu", Normal(tf.stack([m, m]), 1))
    })
    // @ts-expect-error "tau" is not sampled
    const error = await failure<FitFailure>(fit(pair(), guide(), few))
    expect(error.message).toBe('site "tau": the guide does not sample it. Give the guide a sample site of this name.')
  })

  test("that have another shape", async () => {
    const guide = model(function* () {
      const m = yield* param("m", at)
      yield* sample("mu", Normal(m, 1))
      yield* sample("tau", HalfNormal(1))
    })
    expect((await failure(fit(pair(), guide(), few))).message).toBe('site "mu": it has shape [2] in the model and [] in the guide')
  })

  test("that have a site too many", async () => {
    const guide = model(function* () {
      const m = yield* param("m", at)
      yield* sample("mu", Normal(tf.stack([m, m]), 1))
      yield* sample("tau", HalfNormal(1))
      yield* sample("sigma", HalfNormal(1))
    })
    expect((await failure(fit(pair(), guide(), few))).message).toBe(
      'site "sigma": the guide samples it, but the model has no latent of this name'
    )
  })

  test("whose density is not that of their draws", async () => {
    const mu = { sites: () => sample("mu", Normal(0, 1)) }
    const factors = model(function* () {
      yield* param("m", at)
      yield* mu.sites()
      yield* factor("f", 3)
    })
    const observes = model(function* () {
      yield* param("m", at)
      const value = yield* mu.sites()
      yield* observe("z", Normal(value, 1), 2)
    })
    const hides = model(function* () {
      const m = yield* param("m", at)
      const inner = model(function* () {
        yield* sample("mu", Normal(m, 1))
      })
      yield* block(inner(), "mu")
      yield* deterministic("done", m)
    })
    expect((await failure(fit(posed, factors(), few))).message).toBe(
      'site "f": a guide is the distribution of its draws, so it may have no factor site'
    )
    expect((await failure(fit(posed, observes(), few))).message).toBe(
      'site "z": a guide is the distribution of its draws, so it may have no observe site'
    )
    // @ts-expect-error a hidden site covers nothing
    expect((await failure<FitFailure>(fit(posed, hides(), few))).message).toMatch(/^site "mu": it is hidden in the guide/)
  })

  test("that have nothing to train", async () => {
    const fixed = model(function* () {
      yield* sample("mu", Normal(0, 1))
    })
    expect((await failure(fit(posed, fixed(), few))).message).toMatch(/^fit.guide: expected something to train/)
  })

  test("that leave the support of the model", async () => {
    const guide = model(function* () {
      const m = yield* param("m", at)
      yield* sample("mu", Normal(tf.stack([m, m]), 1))
      yield* sample("tau", Normal(m, 1))
    })
    const error = await failure(fit(pair(), guide(), { steps: 50, draws: 8 }))
    expect(error).toMatchObject({ _tag: "FitError", where: expect.stringContaining('site "tau"') })
  })
})

describe("densities asked at", () => {
  const nested = model(function* () {
    const top = yield* sample("top", Uniform(0, 2))
    const p = yield* sample("p", Uniform(0, top))
    yield* observe("y", Normal(p, 1), 0.2)
  })

  test("a point outside the support are 0", async () => {
    const posterior = await run(fit(nested(), fullRank(), few))
    expect(await run(posterior.logDensity({ top: 1, p: 0.5 }))).toSatisfy(Number.isFinite)
    expect(await run(posterior.logDensity({ top: 3, p: 0.5 }))).toBe(-Infinity)
    expect(await run(posterior.logDensity({ top: 1, p: 1.5 }))).toBe(-Infinity)
    expect(await run(posterior.logDensity({ top: 1, p: -0.1 }))).toBe(-Infinity)
  })

  test("a missing latent, one too many, one of another shape", async () => {
    const posterior = await run(fit(nested(), fullRank(), few))
    // @ts-expect-error p is missing
    expect((await failure<FitFailure>(posterior.logDensity({ top: 1 }))).message).toBe('site "p": no value is given for it')
    const extra: { readonly top: number; readonly p: number } = Object.assign({ top: 1, p: 0.5 }, { q: 1 })
    expect((await failure(posterior.logDensity(extra))).message).toMatch(
      /^site "q": a value is given for it, but the model has no such site/
    )
    expect((await failure(posterior.logDensity({ top: [1, 2], p: 0.5 }))).message).toMatch(/^site "top": .*\[\].*\[2\]/)
  })
})
