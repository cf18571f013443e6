/** Log densities and importance weights of an engine that computes in float32. */
import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import { expect, test } from "vitest"
import { fullRank } from "../../guides/index.ts"
import { HalfNormal, Normal } from "../../src/distribution/index.ts"
import type { Engine } from "../../src/engine/engine.ts"
import { wasm } from "../../src/engine/wasm/wasm.ts"
import { flowApproximation } from "../../src/inference/approximation.ts"
import { evidenceLowerBound, logMeanExp } from "../../src/inference/importance.ts"
import { psis } from "../../src/inference/psis.ts"
import { targetOf } from "../../src/inference/target.ts"
import { factor, logDensities, logJoint, model, observe, plate, sample } from "../../src/model/index.ts"
import { logWeightsOf } from "../../src/posterior/diagnostics.ts"
import { sampleGuide } from "../../src/posterior/sampler.ts"
import { keyOf } from "../../src/random/key.ts"
import { normals } from "../support/numbers.ts"

const rows = 20_000
const x = Float32Array.from(normals(1, rows))
const noise = normals(2, rows)
const y = Float32Array.from(x, (v, i) => 0.3 + 0.7 * v + 1.3 * noise[i]!)

const line = model(function* () {
  const a = yield* sample("a", Normal(0, 5))
  const b = yield* sample("b", Normal([0, 0], 5))
  const scale = yield* sample("scale", HalfNormal(5))
  const slope = tf.sum(b)
  yield* plate("row", { x, y }, function* (row) {
    yield* observe("y", Normal(tf.add(a, tf.mul(slope, row.x)), scale), row.y)
  })
})

test("the log joint adds up in float64 what float32 gives by row", async () => {
  const point = { a: 0.3, b: [0.2, 0.5], scale: 1.3 }
  const engine = wasm()
  const densities = await Effect.runPromise(logDensities(line(), point, { engine }))
  const total = Object.values(densities)
    .flatMap(({ data }) => [...data])
    .reduce((sum, v) => sum + v, 0)
  expect(densities["y"]!.data).toBeInstanceOf(Float32Array)
  const joint = await Effect.runPromise(logJoint(line(), point, { engine }))
  expect(Math.abs(joint - total)).toBeLessThan(rows * 2 ** -53 * Math.abs(total))
  expect(Math.abs(Math.fround(total) - total)).toBeGreaterThan(1e-5)
})

test("rows of an event add up as those of a plate do, and terms of sites as rows do", async () => {
  const engine = wasm()
  const inPlate = model(function* () {
    yield* plate("row", { y }, function* (row) {
      yield* observe("y", Normal(0.3, 1.3), row.y)
    })
  })
  const inEvent = model(function* () {
    yield* observe("y", Normal(tf.fill([rows], 0.3), 1.3), y)
  })
  const [apart, together] = await Promise.all([inPlate(), inEvent()].map((m) => Effect.runPromise(logJoint(m, {}, { engine }))))
  expect(Math.abs(together! - apart!)).toBeLessThan(rows * 2 ** -53 * Math.abs(apart!))
  const factors = model(function* () {
    yield* factor("large", tf.scalar(1e8))
    yield* factor("small", tf.scalar(0.125))
  })
  expect(await Effect.runPromise(logJoint(factors(), {}, { engine }))).toBe(1e8 + 0.125)
})

test("importance weights of a float32 engine are those of float64", async () => {
  const se = 1.3 / Math.sqrt(rows)
  const scaleTril = Float64Array.from([se, 0, 0, 0, 0, 3, 0, 0, 0, -3, se, 0, 0, 0, 0, 0.7 * se])
  const approximation = flowApproximation(targetOf(line()), fullRank(), { shift: Float64Array.of(0.3, 0.1, 0.6, Math.log(1.3)), scaleTril })
  const params = { guide: approximation.init(keyOf(1)), model: {} }
  const sampled = (engine: Engine) => Effect.runPromise(sampleGuide({ approximation, params, engine }, 200, keyOf(3)))
  const [single, double] = await Promise.all([wasm(), wasm({ precision: "float64" })].map(sampled))
  const [got, expected] = [logWeightsOf(single!), logWeightsOf(double!)]
  // the draws themselves come of float32 noise: a relative 2^-24 of each, times the slope of the log weights
  got.forEach((w, i) => expect(Math.abs(w - expected[i]!)).toBeLessThan(1e-4))
  expect(psis(got).khat).toBeCloseTo(psis(expected).khat, 4)
  expect(evidenceLowerBound(got).value).toBeCloseTo(evidenceLowerBound(expected).value, 4)
  expect(logMeanExp(got).value).toBeCloseTo(logMeanExp(expected).value, 4)
  // in float32 the log joint has no more digits than this
  expect(Math.abs(double!.logJoint[0]!) * 2 ** -24).toBeGreaterThan(1e-3)
})
