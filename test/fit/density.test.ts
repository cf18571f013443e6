/** Densities of points against what is known of them. */
import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import { fullRank, meanField, realNVP } from "../../guides/index.ts"
import { exp } from "../../src/bijector/index.ts"
import { positive } from "../../src/constraint/index.ts"
import type { Distribution } from "../../src/distribution/distribution.ts"
import { Normal, StudentT, Uniform } from "../../src/distribution/index.ts"
import { wasm } from "../../src/engine/wasm/wasm.ts"
import type { Density } from "../../src/fit/index.ts"
import { fit, fitDensity, unnormalised } from "../../src/fit/index.ts"
import type { NDArray } from "../../src/graph/types.ts"
import type { FitInfo } from "../../src/inference/variational.ts"
import { constantRate } from "../../src/inference/schedule.ts"
import type { Learnable, Params } from "../../src/learnable/index.ts"
import {
  learnableAffineCoupling,
  learnableElementwiseAffine,
  learnableTriangularAffine,
  mlp,
  parameter,
  sequence
} from "../../src/learnable/index.ts"
import { toTensors } from "../../src/model/compute.ts"
import { logJoint, model, prior, sample } from "../../src/model/index.ts"
import { evaluate } from "../../src/trace/evaluate.ts"
import { normal } from "../model/oracle.ts"
import { normals } from "../support/numbers.ts"

const run = Effect.runPromise
const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length
const rowsOf = ({ shape, data }: NDArray): ReadonlyArray<ReadonlyArray<number>> =>
  Array.from({ length: shape[0]! }, (_, i) => Array.from(data.subarray(i * shape[1]!, (i + 1) * shape[1]!)))

/** Correlated points in odd units. */
const cloud = (seed: number, n: number, d: number): Array<Array<number>> => {
  const z = normals(seed, n * d)
  const mix = normals(seed + 1000, d * d)
  return Array.from({ length: n }, (_, i) =>
    Array.from(
      { length: d },
      (_, j) => 10 * j + (j + 0.1) * (z[i * d + j]! + mix.slice(0, j).reduce((s, m, k) => s + m * z[i * d + k]!, 0))
    )
  )
}

const moments = (points: ReadonlyArray<ReadonlyArray<number>>) => {
  const d = points[0]!.length
  const centre = Array.from({ length: d }, (_, j) => mean(points.map((p) => p[j]!)))
  const covariance = Array.from({ length: d }, (_, i) =>
    Array.from({ length: d }, (_, j) => mean(points.map((p) => (p[i]! - centre[i]!) * (p[j]! - centre[j]!))))
  )
  return { centre, covariance }
}

const logDeterminant = (a: ReadonlyArray<ReadonlyArray<number>>): number => {
  if (a.length === 0) return 0
  const [pivot, ...rest] = a as ReadonlyArray<ReadonlyArray<number>>
  return Math.log(pivot![0]!) + logDeterminant(rest.map((row) => row.slice(1).map((v, j) => v - (row[0]! * pivot![j + 1]!) / pivot![0]!)))
}

const log2Pi = Math.log(2 * Math.PI)

describe("a Gaussian", () => {
  test("of full rank starts where the likelihood is greatest: its gradient is 0", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 6, max: 60 }),
        fc.integer({ min: 0, max: 999 }),
        async (d, n, seed) => {
          const points = cloud(seed, n, d)
          const { covariance } = moments(points)
          const greatest = -0.5 * (logDeterminant(covariance) + d * (log2Pi + 1))
          const norms: Array<number> = []
          const stop = ({ gradientNorm }: FitInfo): boolean => norms.push(gradientNorm) < 0
          const density = await run(fitDensity(fullRank(), points, { heldOut: 0, steps: 2, learningRate: constantRate(0), stop }))
          expect(density.history.map(({ training }) => training)).toEqual(Array(2).fill(expect.closeTo(greatest, 9)))
          expect(Math.max(...norms)).toBeLessThan(1e-9)
          expect(mean(await run(density.logDensity(points)))).toBeCloseTo(greatest, 9)
        }
      ),
      { seed: 1, numRuns: 12 }
    )
  })

  test("that starts elsewhere comes to the mean and covariance of the points", async () => {
    const points = cloud(3, 50, 3).map((p) => p.map((x) => 0.2 * x - 1))
    const { centre, covariance } = moments(points)
    const identity = [0, 1, 2].map((i) => [0, 1, 2].map((j) => (i === j ? 1 : 0)))
    const flow = learnableTriangularAffine({ shift: [0, 0, 0], scaleTril: identity })
    const density = await run(fitDensity(flow, points, { heldOut: 0, averaging: 0, steps: 3000, learningRate: (t) => 0.05 * 1e-6 ** t }))
    // the centre where the density is greatest, and its curvature
    const at = async (x: ReadonlyArray<number>) => (await run(density.logDensity([x])))[0]!
    const top = await at(centre)
    expect(top).toBeCloseTo(-0.5 * (logDeterminant(covariance) + 3 * log2Pi), 7)
    for (const p of points.slice(0, 5)) {
      const there = await at(p)
      const mirrored = await at(p.map((x, i) => 2 * centre[i]! - x))
      expect(there).toBeCloseTo(mirrored, 5)
    }
    expect(mean(await run(density.logDensity(points)))).toBeCloseTo(top - 1.5, 7)
  })

  test("with no more points than columns starts from their variances", async () => {
    const points = cloud(5, 3, 4)
    const { covariance } = moments(points)
    const density = await run(fitDensity(fullRank(), points, { heldOut: 0, steps: 1, learningRate: constantRate(0) }))
    const expected = -0.5 * (covariance.reduce((s, row, i) => s + Math.log(row[i]!), 0) + 4 * (log2Pi + 1))
    expect(density.history[0]!.training).toBeCloseTo(expected, 9)
  })
})

/** x ~ Normal(0, 1), y ~ Normal(x² − 1, ½). */
const banana = model(function* () {
  const x = yield* sample("x", Normal(0, 1))
  const y = yield* sample("y", Normal(tf.sub(tf.square(x), 1), 0.5))
  return tf.stack([x, y])
})
const bananaAt = ([x, y]: ReadonlyArray<number>): number => normal(x!, 0, 1) + normal(y!, x! * x! - 1, 0.5)
const bananaEntropy = log2Pi + 1 + Math.log(0.5)
const bananas = (seed: number, n: number): Array<Array<number>> => {
  const z = normals(seed, 2 * n)
  return Array.from({ length: n }, (_, i) => [z[2 * i]!, z[2 * i]! ** 2 - 1 + 0.5 * z[2 * i + 1]!])
}

describe("a flow", () => {
  const points = bananas(1, 4000)
  const fresh = bananas(2, 4000)
  const truth = mean(fresh.map(bananaAt))
  /** KL(p ‖ q), from fresh points of p. */
  const divergence = async (density: Density): Promise<number> => truth - mean(await run(density.logDensity(fresh)))

  test("comes near a density known in closed form, and is judged by points held out", async () => {
    const density = await run(fitDensity(realNVP({ couplings: 4, hidden: [16] }), points, { epochs: 60, seed: 3 }))
    expect(density.heldOut!.value).toBeGreaterThan(-bananaEntropy - 4 * density.heldOut!.error)
    expect(density.heldOut!.value).toBeLessThan(-bananaEntropy + 4 * density.heldOut!.error)
    expect(density.heldOut!.error).toBeCloseTo(1 / Math.sqrt(400), 1)
    const kl = await divergence(density)
    expect(kl).toBeGreaterThan(0)
    expect(kl).toBeLessThan(0.02)
    // 3,600 points fill 14 batches
    expect(density.history.map(({ epoch, step }) => [epoch, step])).toEqual(Array.from({ length: 60 }, (_, i) => [i + 1, 14 * (i + 1)]))
    expect(Math.max(...density.history.map(({ heldOut }) => heldOut!))).toBe(density.heldOut!.value)
  })

  test("of a model's fresh points, on float32 too", async () => {
    for (const engine of [wasm({ precision: "float64" }), wasm({ precision: "float32" })]) {
      const density = await run(fitDensity(realNVP({ couplings: 4, hidden: [16] }), banana(), { steps: 800, engine }))
      expect(await divergence(density)).toBeLessThan(0.02)
      expect(Math.abs(density.heldOut!.value + bananaEntropy)).toBeLessThan(4 * density.heldOut!.error + 0.02)
      expect(density.history.map(({ step }) => step)).toEqual([100, 200, 300, 400, 500, 600, 700, 800])
    }
  })

  test("draws from what it says: its draws, their latents, layers and log densities agree", async () => {
    const density = await run(fitDensity(realNVP({ couplings: 2, hidden: [8] }), points, { epochs: 5 }))
    const draws = await run(density.draws(3000, { seed: 4 }))
    const layers = await run(density.layers(3000, { seed: 4 }))
    expect(layers.map(({ name }) => name)).toEqual(["Normal", "affine coupling 1", "affine coupling 2", "triangular affine 1"])
    expect(layers.at(-1)!.draws).toEqual(draws)
    const latent = await run(density.latent(draws))
    expect(Math.max(...latent.data.map((x, i) => Math.abs(x - layers[0]!.draws.data[i]!)))).toBeLessThan(1e-9)
    // the base is standard normal, and the first draws do not depend on how many there are
    expect(Math.abs(mean(layers[0]!.draws.data))).toBeLessThan(4 / Math.sqrt(6000))
    expect(Math.abs(mean(layers[0]!.draws.data.map((z) => z * z)) - 1)).toBeLessThan(4 * Math.sqrt(2 / 6000))
    expect((await run(density.draws(5, { seed: 4 }))).data).toEqual(draws.data.slice(0, 10))
    expect((await run(density.draws(5, { seed: 5 }))).data).not.toEqual(draws.data.slice(0, 10))
    // the distribution is the same density, inside a model
    const posed = model(function* () {
      return yield* sample("x", density.distribution())
    })()
    const some = rowsOf(draws).slice(0, 3)
    const expected = await run(density.logDensity(some))
    for (const [i, x] of some.entries()) expect(await run(logJoint(posed, { x }))).toBeCloseTo(expected[i]!, 9)
    const { x } = await run(prior(posed, { draws: 3000 }))
    const [ours, theirs] = [moments(rowsOf(draws)), moments(rowsOf(x))]
    ours.centre.forEach((c, i) => expect(Math.abs(c - theirs.centre[i]!)).toBeLessThan(5 * Math.sqrt((2 * ours.covariance[i]![i]!) / 3000)))
  })

  test("with a learned base, and with one of its own", async () => {
    const z = normals(7, 2000)
    const heavy = Array.from({ length: 1000 }, (_, i) => [z[2 * i]! / Math.abs(z[2 * i + 1]!)])
    const units = learnableElementwiseAffine({ shift: [0], scale: [1] })
    const scale = parameter(0.3)
    const base: Learnable<Distribution<"real">> = {
      name: "learned StudentT",
      init: scale.init,
      build: (params) => StudentT(tf.exp(scale.build(params)), tf.zeros([1]), 1)
    }
    const options = { epochs: 200, heldOut: 0, learningRate: 0.02 }
    const learned = await run(fitDensity(units, heavy, { ...options, base }))
    const cauchy = await run(fitDensity(units, heavy, { ...options, base: StudentT(1, [0], 1) }))
    const normalBase = await run(fitDensity(units, heavy, options))
    const nats = async (density: Density) => mean(await run(density.logDensity(heavy)))
    expect(await nats(learned)).toBeGreaterThan((await nats(cauchy)) - 1e-3)
    expect(await nats(cauchy)).toBeGreaterThan((await nats(normalBase)) + 0.5)
    expect(Object.keys((learned.params as { readonly base: object }).base)).toEqual(["value"])
  })

  test("that ends on positive numbers: a log-normal, by maximum likelihood", async () => {
    const points = normals(8, 300).map((z) => [Math.exp(1 + 0.5 * z)])
    const positiveOnly: Learnable<ReturnType<typeof exp>, tf.Tensor | void> = { name: "exp", init: () => ({}), build: () => exp([1]) }
    const flow = sequence([learnableElementwiseAffine({ shift: [0], scale: [1] }), positiveOnly])
    const density = await run(fitDensity(flow, points, { heldOut: 0, steps: 1500, learningRate: (t) => 0.05 * 1e-5 ** t, batch: 300 }))
    const logs = points.map(([x]) => Math.log(x!))
    const m = mean(logs)
    const s = Math.sqrt(mean(logs.map((l) => (l - m) ** 2)))
    const [at] = await run(density.logDensity([[2]]))
    expect(at).toBeCloseTo(normal(Math.log(2), m, s) - Math.log(2), 6)
    expect(await run(density.logDensity([[-1]]))).toEqual(Float64Array.of(-Infinity))
  })
})

describe("conditional densities", () => {
  /** y given c, and another number that says nothing. */
  const scaleAt = (c: number): number => 0.2 + 0.1 * c * c
  const made = (seed: number, n: number) => {
    const z = normals(seed, 3 * n)
    const c = Array.from({ length: n }, (_, i) => Math.max(-2, Math.min(2, z[3 * i]!)))
    return { context: c.map((v, i) => [100 * v, z[3 * i + 2]!]), points: c.map((v, i) => [Math.sin(2 * v) + scaleAt(v) * z[3 * i + 1]!]) }
  }
  const { context, points } = made(1, 3000)
  const test2 = made(2, 2000)
  const truth = mean(test2.points.map(([y], i) => normal(y!, Math.sin(test2.context[i]![0]! / 50), scaleAt(test2.context[i]![0]! / 100))))

  test.each([
    ["by a guide", realNVP({ couplings: 1, hidden: [16, 16] }), undefined],
    ["through an embedding", realNVP({ couplings: 1, hidden: [16] }), mlp({ inputs: 2, outputs: 8, hidden: [32] })]
  ] as const)("come near the truth %s", async (_, flow, embedding) => {
    const density = await run(fitDensity(flow, points, { context, epochs: 50, ...(embedding && { embedding }) }))
    const nats = mean(await run(density.logDensity(test2.points, { context: test2.context })))
    expect(truth - nats).toBeGreaterThan(-0.01)
    expect(truth - nats).toBeLessThan(0.04)
    for (const c of [-1, 0.5]) {
      const given = density.condition([100 * c, 0])
      const draws = await run(given.draws(4000))
      const centre = mean(draws.data)
      expect(Math.abs(centre - Math.sin(2 * c))).toBeLessThan(0.1)
      expect(Math.abs(Math.sqrt(mean(draws.data.map((y) => (y - centre) ** 2))) - scaleAt(c))).toBeLessThan(0.06)
      // one context for all is the same as its row for each
      const two = [[0.3], [0.9]]
      const each = await run(
        density.logDensity(two, {
          context: [
            [100 * c, 0],
            [100 * c, 0]
          ]
        })
      )
      expect(Array.from(await run(given.logDensity(two)))).toEqual(Array.from(each, (v) => expect.closeTo(v, 10)))
      expect(await run(given.latent(two))).toEqual(await run(density.latent(two, { context: [100 * c, 0] })))
      const posed = model(function* () {
        yield* sample("y", given.distribution())
      })()
      expect(await run(logJoint(posed, { y: [0.3] }))).toBeCloseTo(each[0]!, 9)
      expect(given.distribution().eventShape).toEqual([1])
    }
  })

  test("of a model that draws points with their contexts", async () => {
    const joint = model(function* () {
      const c = yield* sample("c", Uniform(-2, 2))
      const y = yield* sample("y", Normal(tf.mul(3, c), 0.5))
      return { value: tf.reshape(y, [1]), context: tf.reshape(c, [1]) }
    })
    const density = await run(fitDensity(realNVP({ couplings: 1, hidden: [16] }), joint(), { steps: 600 }))
    const at = await run(density.logDensity([[3.2], [-3]], { context: [[1], [-1]] }))
    expect(at[0]).toBeCloseTo(normal(3.2, 3, 0.5), 1)
    expect(at[1]).toBeCloseTo(normal(-3, -3, 0.5), 1)
  })

  test("of a plain flow get the numbers themselves", async () => {
    const plain = learnableAffineCoupling({ size: 1, context: 2 })
    const density = await run(fitDensity(plain, points.slice(0, 50), { context: context.slice(0, 50), steps: 5 }))
    const { flow } = density.params as { readonly flow: Params }
    const [expected] = evaluate(
      (y, c) => plain.build(toTensors(flow), c).inverse(y).value,
      [
        { shape: [1], data: Float64Array.of(0.7) },
        { shape: [2], data: Float64Array.of(120, 0.5) }
      ]
    )
    const { data } = await run(density.latent([[0.7]], { context: [120, 0.5] }))
    expect(data[0]).toBeCloseTo(expected!.data[0]!, 10)
  })
})

describe("unnormalised densities", () => {
  test("are fitted as models: the integral of a banana", async () => {
    const f = unnormalised(
      (x) => {
        const [a, b] = tf.unstack(x) as [tf.Tensor, tf.Tensor]
        return tf.add(5, tf.mul(-0.5, tf.add(tf.square(a), tf.square(tf.mul(2, tf.sub(b, tf.square(a)))))))
      },
      { size: 2 }
    )
    // three phases of the rate
    const learningRate = (t: number): number => [5e-3, 1e-3, 3e-4][Math.min(2, Math.floor(3 * t))]!
    const posterior = await run(fit(f, realNVP({ couplings: 4, hidden: [16] }), { steps: 900, learningRate }))
    const { logEvidence, kl } = posterior.diagnostics
    expect(Math.abs(logEvidence.value - (5 + log2Pi + Math.log(0.5)))).toBeLessThan(4 * logEvidence.error + 1e-3)
    expect(kl.value).toBeLessThan(0.05)
    expect((await run(posterior.draws(7))).x.shape).toEqual([7, 2])
  })

  test("on a constraint: a gamma density", async () => {
    const f = unnormalised((x) => tf.sum(tf.sub(tf.mul(2, tf.log(x)), x)), { size: 1, constraint: positive })
    const posterior = await run(fit(f, meanField(), { steps: 300 }))
    expect(Math.abs(posterior.diagnostics.logEvidence.value - Math.log(2))).toBeLessThan(4 * posterior.diagnostics.logEvidence.error + 1e-3)
  })
})
