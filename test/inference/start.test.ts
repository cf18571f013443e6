/** Starting points: units, correlations, several modes, no mode, no mass. */
import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { interval, positive, real } from "../../src/constraint/index.ts"
import { Exponential, HalfNormal, ImproperUniform, Mixture, Normal, Uniform } from "../../src/distribution/index.ts"
import { FitError } from "../../src/inference/errors.ts"
import { densityOf } from "../../src/inference/start/density.ts"
import { startOf } from "../../src/inference/start/start.ts"
import { targetOf } from "../../src/inference/target.ts"
import { factor, model, observe, plate, sample } from "../../src/model/index.ts"
import type { Program } from "../../src/model/site.ts"
import { keyOf } from "../../src/random/key.ts"
import { normals } from "../support/numbers.ts"
import { range } from "./support.ts"

const found = (m: Program<unknown>, seed = 0) =>
  Effect.scoped(Effect.flatMap(densityOf(targetOf(m), {}, new Uint32Array(3)), (density) => startOf(density, keyOf(seed))))
const start = (m: Program<unknown>, seed = 0) => Effect.map(found(m, seed), (f) => f.start)
const run = Effect.runPromise
const failure = async (m: Program<unknown>): Promise<FitError> => {
  const error = await run(Effect.flip(start(m)))
  expect(error).toBeInstanceOf(FitError)
  return error as FitError
}

const covarianceOf = (tril: Float64Array, d: number): ReadonlyArray<ReadonlyArray<number>> =>
  range(d).map((i) => range(d).map((j) => range(d).reduce((sum, k) => sum + tril[i * d + k]! * tril[j * d + k]!, 0)))

describe("units", () => {
  test.each([1e-4, 1e-2, 1, 1e2, 1e4])("a normal of scale %d far from 0", async (scale) => {
    const m = model(function* () {
      const x = yield* sample("x", ImproperUniform(real, [2]))
      yield* factor("density", tf.mul(-0.5, tf.sum(tf.square(tf.div(tf.sub(x, [26 * scale, -400 * scale]), scale)))))
    })
    const { shift, scaleTril } = await run(start(m()))
    expect(shift[0]! / scale).toBeCloseTo(26, 3)
    expect(shift[1]! / scale).toBeCloseTo(-400, 3)
    const covariance = covarianceOf(scaleTril, 2)
    expect(covariance[0]![0]! / scale ** 2).toBeCloseTo(1, 3)
    expect(covariance[1]![1]! / scale ** 2).toBeCloseTo(1, 3)
    expect(covariance[0]![1]! / scale ** 2).toBeCloseTo(0, 3)
  })

  test("an intercept of 26 with correlation −0.99, a slope of 0.6 and a noise of 18", async () => {
    // the shape of kidiq: a regressor around 100 ± 15
    const n = 60
    const z = normals(5, 2 * n)
    const x = range(n).map((i) => 100 + 15 * z[i]!)
    const y = x.map((v, i) => 26 + 0.6 * v + 18 * z[n + i]!)
    const kids = model(function* () {
      const beta = yield* sample("beta", ImproperUniform(real, [2]))
      const sigma = yield* sample("sigma", HalfNormal(50))
      yield* plate("kid", { x, y }, function* (kid) {
        const [intercept, slope] = tf.unstack(beta) as [tf.Tensor, tf.Tensor]
        yield* observe("y", Normal(tf.add(intercept, tf.mul(slope, kid.x)), sigma), kid.y)
      })
    })
    const { shift, scaleTril } = await run(start(kids()))
    const mean = x.reduce((a, b) => a + b, 0) / n
    const sxx = x.reduce((sum, v) => sum + (v - mean) ** 2, 0)
    const slope = x.reduce((sum, v, i) => sum + (v - mean) * y[i]!, 0) / sxx
    const intercept = y.reduce((a, b) => a + b, 0) / n - slope * mean
    const sigma = Math.exp(shift[2]!)
    const sdSlope = sigma / Math.sqrt(sxx)
    expect(Math.abs(shift[1]! - slope) / sdSlope).toBeLessThan(0.01)
    expect(Math.abs(shift[0]! - intercept) / (sdSlope * mean)).toBeLessThan(0.01)
    const covariance = covarianceOf(scaleTril, 3)
    expect(covariance[0]![1]! / Math.sqrt(covariance[0]![0]! * covariance[1]![1]!)).toBeLessThan(-0.98)
    expect(Math.sqrt(covariance[1]![1]!) / sdSlope).toBeCloseTo(1, 2)
  })

  test("scales from 1e-4 to 1e4 side by side", async () => {
    const scales = [1e-4, 1, 1e4]
    const m = model(function* () {
      yield* sample("a", Normal(3e-4, 1e-4))
      yield* sample("b", Normal(1, 1))
      yield* sample("c", Normal(-5e4, 1e4))
    })
    const { shift, scaleTril } = await run(start(m()))
    expect(Array.from(shift, (v, i) => v / scales[i]!)).toEqual([3, 1, -5].map((v) => expect.closeTo(v, 2)))
    expect(range(3).map((i) => scaleTril[4 * i]! / scales[i]!)).toEqual([1, 1, 1].map((v) => expect.closeTo(v, 3)))
  })
})

describe("shapes", () => {
  test("a funnel, whose density has no mode", async () => {
    const funnel = model(function* () {
      const v = yield* sample("v", Normal(0, 3))
      yield* sample("x", Normal(tf.zeros([4]), tf.exp(tf.div(v, 2))))
    })
    const { shift, scaleTril } = await run(start(funnel()))
    expect(Math.abs(shift[0]!)).toBeLessThan(6)
    expect(scaleTril[0]!).toBeGreaterThan(0.2)
    expect(scaleTril[0]!).toBeLessThan(6)
    expect([...shift, ...scaleTril].every(Number.isFinite)).toBe(true)
  })

  test("of two modes, the heavier", async () => {
    const two = model(function* () {
      yield* sample("x", Mixture([Math.log(0.2), Math.log(0.8)], [Normal(-6, 0.5), Normal(5, 0.7)]))
    })
    for (const seed of range(5)) {
      const { shift, scaleTril } = await run(start(two(), seed))
      expect(shift[0]).toBeCloseTo(5, 2)
      expect(scaleTril[0]).toBeCloseTo(0.7, 2)
    }
  })

  test("is a function of the key", async () => {
    const m = model(function* () {
      const t = yield* sample("t", Exponential(1))
      yield* sample("x", Normal(0, t))
    })
    const [a, b] = [await run(start(m(), 3)), await run(start(m(), 3))]
    expect(a).toEqual(b)
  })
})

describe("what cannot be started", () => {
  test("a flat prior without data is improper, at the site", async () => {
    const { where, reason, step } = await failure(
      model(function* () {
        yield* sample("ok", Normal(0, 1))
        yield* sample("slope", ImproperUniform(real))
      })()
    )
    expect(where).toBe('site "slope"')
    expect(reason).toContain("improper")
    expect(step).toBe(0)
  })

  test("data that no point of the support allows: the site is named", async () => {
    const { where, message } = await failure(
      model(function* () {
        const top = yield* sample("top", ImproperUniform(interval(0, 1)))
        yield* observe("y", Uniform(0, top), 3)
      })()
    )
    expect(where).toContain('site "y"')
    expect(message).toMatch(/constraint/)
  })

  test("a density that is not a number: what is to blame, and not what stands before it", async () => {
    const { where } = await failure(
      model(function* () {
        const a = yield* sample("a", Normal(0, 1))
        // a branch that is not taken is NaN, and blameless
        yield* factor("harmless", tf.where(tf.greaterEqual(tf.square(a), 0), tf.square(a), tf.sqrt(tf.sub(-1, tf.square(a)))))
        const root = tf.sqrt(tf.sub(-2, tf.square(a)))
        yield* factor("bad", root)
      })()
    )
    expect(where).toContain('after site "harmless", operation sqrt')
    expect(where).toContain("NaN")
  })

  test("unless some point is finite", async () => {
    const narrow = model(function* () {
      const a = yield* sample("a", ImproperUniform(positive))
      // finite for a > 3 only, which is log a > 1.1
      yield* factor("density", tf.sub(tf.log(tf.sub(a, 3)), a))
    })
    const { shift } = await run(start(narrow()))
    expect(Math.exp(shift[0]!)).toBeGreaterThan(3)
  })
})
