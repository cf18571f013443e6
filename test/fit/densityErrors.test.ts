/** What is wrong with the data or the options of a density is said at once, with its place. */
import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { fullRank, realNVP } from "../../guides/index.ts"
import { exp, identity } from "../../src/bijector/index.ts"
import { Normal } from "../../src/distribution/index.ts"
import type { DensityOptions, Points } from "../../src/fit/index.ts"
import { fitDensity } from "../../src/fit/index.ts"
import { learnableAffineCoupling, learnableElementwiseAffine, mlp, sequence } from "../../src/learnable/index.ts"
import type { Model } from "../../src/model/index.ts"
import { factor, model, sample } from "../../src/model/index.ts"
import { normals } from "../support/numbers.ts"

const run = Effect.runPromise
const z = normals(1, 60)
const good = Array.from({ length: 20 }, (_, i) => [z[2 * i]!, z[2 * i + 1]!])
const replaced = (row: number, by: ReadonlyArray<number>): Points => good.map((p, i) => (i === row ? by : p))
const failure = (data: Points, options: DensityOptions = {}, flow: Parameters<typeof fitDensity>[0] = fullRank()) =>
  run(Effect.flip(fitDensity(flow, data, { steps: 2, ...options })))

describe("data", () => {
  test.each<readonly [string, Points, string]>([
    ["NaN", replaced(7, [1, NaN]), "fitDensity.data: expected finite numbers, got NaN in row 7, column 1. Leave the row out."],
    ["infinite", replaced(3, [-Infinity, 0]), "got -Infinity in row 3, column 0."],
    ["empty", [], "fitDensity.data: expected at least one row, of at least one number, got [0]."],
    ["of width 0", [[], []], "expected at least one row, of at least one number, got [2, 0]."],
    ["ragged", replaced(5, [1, 2, 3]), "expected rows of equal shape, as the first one's [2], got [3] at index 5."],
    [
      "numbers, not rows",
      [1, 2, 3] as unknown as Points,
      "expected shape [n, d], a row a point, got [3]. Points on a line are rows of one number: [[x], …]."
    ],
    ["shorter than their shape says", { shape: [5, 2], data: new Float64Array(9) }, "expected shape [5, 2] as it says, got 9 numbers."],
    ["with a constant column", good.map(([x]) => [x!, 0.1]), "expected columns that vary, got column 1, which is 0.1 in all 18 points."],
    [
      "with a dependent column",
      good.map(([x, y]) => [x!, y!, 3 * x! - y!]),
      "got column 2, which is a linear combination of those before it."
    ],
    ["of one row", [[1, 2]], "expected columns that vary, got column 0, which is 1 in all 1 points."]
  ])("%s", async (_, data, message) => {
    const error = await failure(data)
    expect(error._tag).toMatch(/ArgumentError|ShapeError/)
    expect(error.message).toContain(message)
  })

  test("of another width than the flow's, or outside of where it ends", async () => {
    const three = learnableAffineCoupling({ size: 3 })
    expect((await failure(good, {}, three)).message).toBe(
      'fitDensity.data: expected shape points of shape [3], where flow "affine coupling" ends, got [2].'
    )
    const positive = sequence([
      learnableElementwiseAffine({ shift: [0, 0], scale: [1, 1] }),
      { name: "exp", init: () => ({}), build: () => exp([2]) }
    ])
    const some = good.map((p) => p.map(Math.abs))
    some[4] = [1, -2]
    expect((await failure(some, {}, positive)).message).toMatch(
      /points that satisfy positive, where the flow ends, got \[1, -2\] in row 4: /
    )
  })

  test("of one row are points enough for a plain flow", async () => {
    const plain = learnableElementwiseAffine({ shift: [0, 0], scale: [1, 1] })
    const density = await run(fitDensity(plain, [[1, 2]], { steps: 3 }))
    expect(density.heldOut).toBeUndefined()
    expect((await run(density.logDensity([[1, 2]]))).length).toBe(1)
  })
})

describe("contexts", () => {
  const context = good.map(([x]) => [x!])
  test.each<readonly [string, DensityOptions, string]>([
    ["of another length", { context: context.slice(1) }, "fitDensity.context: expected shape [20, c], a row for each point, got [19, 1]."],
    [
      "with a NaN",
      { context: context.map((c, i) => (i === 2 ? [NaN] : c)) },
      "fitDensity.context: expected finite numbers, got NaN in row 2, column 0."
    ],
    ["that are vectors", { context: [1, 2] as unknown as Points }, "fitDensity.context: expected shape [n, d]"]
  ])("%s", async (_, options, message) => {
    expect((await failure(good, options)).message).toContain(message)
  })

  test("are asked for where the density has them, and only there", async () => {
    const plain = await run(fitDensity(fullRank(), good, { steps: 1 }))
    const given = await run(fitDensity(realNVP({ couplings: 1, hidden: [4] }), good, { steps: 1, context }))
    const message = async (effect: Effect.Effect<unknown, { readonly message: string }>) => (await run(Effect.flip(effect))).message
    expect(await message(given.draws(3))).toBe(
      "density.draws.context: expected vectors of length 1, got none. Say what to condition on: `condition(context)`, or `{ context }`."
    )
    expect(await message(given.draws(3, { context: [1, 2] }))).toContain("expected shape vectors of length 1, got [2]")
    expect(await message(given.logDensity(good, { context: [[1], [2]] }))).toContain(
      "expected shape a row for each of the 20 points, got 2 rows"
    )
    expect(await message(given.latent(good, { context: [NaN] }))).toContain("got NaN in row 0, column 0")
    expect(await message(given.condition([1]).draws(3, { context: [1] }))).toContain("none: the density is conditioned on one already")
    expect(await message(plain.draws(3, { context: [1] }))).toContain(
      "density.draws.context: expected none: the density has no context, got one."
    )
    expect(await message(plain.condition([1]).draws(3))).toContain("none: the density has no context")
    expect(() => given.distribution()).toThrow("density.distribution.context: expected a vector of length 1, got none")
    expect(() => plain.distribution([1])).toThrow("none: the density has no context")
  })

  test("what a density is asked about is checked", async () => {
    const density = await run(fitDensity(fullRank(), good, { steps: 1 }))
    const message = async (effect: Effect.Effect<unknown, { readonly message: string }>) => (await run(Effect.flip(effect))).message
    expect(await message(density.logDensity([[1, 2, 3]]))).toBe("density.logDensity.points: expected shape [n, 2], got [1, 3].")
    expect(await message(density.latent([[1, NaN]]))).toContain(
      "density.latent.points: expected finite numbers, got NaN in row 0, column 1"
    )
    expect(await message(density.draws(0))).toBe("density.draws.count: expected a whole number, at least 1, got 0.")
    expect(await message(density.layers(1.5))).toContain("density.layers.count")
    expect(await message(density.draws(1, { seed: 0.5 }))).toContain("keyOf.seed")
  })
})

describe("options", () => {
  test.each<readonly [string, DensityOptions, string]>([
    ["a batch of more than the points", { batch: 19 }, "fitDensity.batch: expected at most the 18 points that are trained on, got 19."],
    ["a batch of none", { batch: 0 }, "fitDensity.batch: expected a whole number, at least 1, got 0."],
    ["all held out", { heldOut: 1 }, "fitDensity.heldOut: expected a share of the points, from 0 to below 1, got 1."],
    ["NaN held out", { heldOut: NaN }, "got NaN."],
    ["epochs and steps", { epochs: 2, steps: 2 }, "fitDensity.epochs: expected epochs or steps, got both."],
    ["more than all averaged over", { averaging: 1.5 }, "fitDensity.averaging: expected a number from 0 to 1, got 1.5."],
    ["no patience", { patience: 0 }, "fitDensity.patience: expected a whole number, at least 1, got 0."],
    ["a rate of 0", { learningRate: 0 }, "fitDensity.learningRate: expected a positive number, got 0."],
    ["half a seed", { seed: 0.5 }, "fitDensity.seed: expected a whole number, got 0.5."]
  ])("%s", async (_, options, message) => {
    expect((await failure(good, options)).message).toContain(message)
  })

  test("something to train, and a base where the flow starts", async () => {
    const nothing = { name: "identity", init: () => ({}), build: () => identity([2]) }
    expect((await failure(good, {}, nothing)).message).toContain(
      'something to train: a flow, a base or an embedding with parameters, got "identity" without any'
    )
    const short = Normal([0, 0, 0], 1)
    expect((await failure(good, { base: short })).message).toContain("(the bijector's domain) for the base's event")
    expect((await failure(good, { embedding: mlp({ inputs: 2, outputs: 2 }) })).message).toBe(
      'fitDensity.embedding: expected none without contexts, got "mlp".'
    )
    const wide = mlp({ inputs: 3, outputs: 2 })
    expect((await failure(good, { context: good, embedding: wide }, realNVP())).message).toContain(
      "fitDensity.embedding: expected a network from vectors of length 2, the contexts, to vectors, got one that fails: "
    )
  })
})

describe("models as data", () => {
  const asked = (m: Model<unknown, unknown>, options: DensityOptions = {}) =>
    run(Effect.flip(fitDensity(fullRank(), m as Model<tf.Tensor, unknown>, { steps: 2, ...options })))
  const pair = model(function* () {
    return yield* sample("x", Normal([0, 0], 1))
  })

  test("return a vector, with a context or without", async () => {
    const scalar = model(function* () {
      return yield* sample("x", Normal(0, 1))
    })
    const nothing = model(function* () {
      yield* sample("x", Normal(0, 1))
    })
    expect((await asked(scalar())).message).toBe(
      "fitDensity.data: the model's value: expected shape [d], a vector, got []. The model for one draw returns the point, or { value, context }."
    )
    expect((await asked(nothing()))._tag).toBe("ShapeError")
    const odd = model(function* () {
      const x = yield* sample("x", Normal([0, 0], 1))
      return { value: x, context: tf.sum(x) }
    })
    expect((await asked(odd())).message).toContain("the model's context: expected shape [d], a vector, got []")
  })

  test("have no epochs, and no contexts beside their own", async () => {
    expect((await asked(pair(), { epochs: 3 })).message).toContain("steps instead: a model draws fresh points for each, got epochs")
    expect((await asked(pair(), { context: good })).message).toContain("Let the model return { value, context }")
  })

  test("that draw numbers that are not finite", async () => {
    const cracked = model(function* () {
      const x = yield* sample("x", Normal([0, 0], 1))
      yield* factor("plays no part", tf.sum(x))
      return tf.log(x)
    })
    expect((await asked(cracked())).message).toMatch(
      /fitDensity.data: the model's value: expected finite numbers, got NaN in row \d+, column \d/
    )
  })
})
