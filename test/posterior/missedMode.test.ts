/** Modes that a guide has missed, by mixtures whose masses are known. */
import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { meanField, neuralSplineFlow } from "../../guides/index.ts"
import { positive, real } from "../../src/constraint/index.ts"
import { ImproperUniform } from "../../src/distribution/index.ts"
import { fit } from "../../src/fit/index.ts"
import { factor, model, sample } from "../../src/model/index.ts"

const run = Effect.runPromise
const logNormal = (x: tf.Tensor, mean: number, sd: number): tf.Tensor =>
  tf.sub(tf.mul(-0.5, tf.square(tf.div(tf.sub(x, mean), sd))), Math.log(sd * Math.sqrt(2 * Math.PI)))

/** Normal modes at ± apart, the upper one with this part of the mass and its own scale. */
const twoModes = ({ upper = 0.5, apart = 7, scale = 1, height = 0 }) =>
  model(function* () {
    const x = yield* sample("x", ImproperUniform(real))
    const terms = [tf.add(logNormal(x, -apart, 1), Math.log(1 - upper)), tf.add(logNormal(x, apart, scale), Math.log(upper))]
    yield* factor("density", tf.add(tf.logSumExp(tf.stack(terms)), height))
  })()

describe("a mode that the guide has nothing at", () => {
  test.each([
    { upper: 0.5, scale: 1, height: 0 },
    { upper: 0.3, scale: 0.9, height: -400 },
    { upper: 0.05, scale: 1.1, height: 1e4 },
    { upper: 0.03, scale: 1, height: 0 }
  ])("is told with its place and its part of the mass: %o", async (modes) => {
    const { diagnostics, verdict, summary } = await run(fit(twoModes(modes), meanField(), { steps: 200, seed: 3 }))
    const at = -Math.sign(summary[0]!.mean)
    const { missed } = diagnostics
    expect(missed!.at["x"]!.shape).toEqual([])
    expect(missed!.at["x"]!.data[0]).toBeCloseTo(7 * at, 2)
    const exact = at > 0 ? modes.upper : 1 - modes.upper
    expect(Math.abs(missed!.share - exact)).toBeLessThan(0.05 * exact)
    expect(verdict.kind).toBe("distrust")
    expect(verdict.text).toContain(`about ${(100 * missed!.share).toFixed(0)}% of the posterior, at x = ${at < 0 ? "-" : ""}7.`)
    // without it, nothing is amiss
    expect(diagnostics.khat).toBeLessThan(diagnostics.threshold)
  })

  test("does not count where it has next to no mass, or where there is one mode", async () => {
    const small = await run(fit(twoModes({ upper: 0.01 }), meanField(), { steps: 200, seed: 3 }))
    expect(Math.sign(small.summary[0]!.mean)).toBe(-1)
    expect(small.diagnostics.missed).toBeUndefined()
    const one = await run(fit(twoModes({ apart: 0 }), meanField(), { steps: 50 }))
    expect(one.diagnostics.missed).toBeUndefined()
  })

  test("is none for a flow that has both", async () => {
    const both = await run(fit(twoModes({ upper: 0.4, apart: 2 }), neuralSplineFlow(), { seed: 1 }))
    expect(both.diagnostics.missed).toBeUndefined()
    expect(both.verdict.kind).toBe("trust")
  })

  test("is named by its sites, constrained ones too", async () => {
    const posed = model(function* () {
      const [a, b] = tf.unstack(yield* sample("mu", ImproperUniform(real, [2]))) as [tf.Tensor, tf.Tensor]
      const tau = yield* sample("tau", ImproperUniform(positive))
      yield* factor("tau's", tf.sub(logNormal(tf.log(tau), 1, 0.1), tf.log(tau)))
      const mode = (sign: number): tf.Tensor => tf.add(logNormal(a, 8 * sign, 1), logNormal(b, -8 * sign, 1))
      yield* factor("mu's", tf.logSumExp(tf.stack([mode(1), mode(-1)])))
    })()
    const { diagnostics, verdict } = await run(fit(posed, meanField(), { steps: 200 }))
    const { at, share } = diagnostics.missed!
    expect(Object.values(at).map(({ shape }) => shape)).toEqual([[2], []])
    expect(Math.abs(at["mu"]!.data[0]!)).toBeCloseTo(8, 2)
    expect(at["tau"]!.data[0]).toBeCloseTo(Math.E, 2)
    expect(share).toBeCloseTo(0.5, 1)
    expect(verdict.text).toMatch(/at mu\[0\] = (-8, mu\[1\] = 8|8, mu\[1\] = -8), tau = 2\.72\./)
  })
})
