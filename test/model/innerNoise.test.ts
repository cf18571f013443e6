import "@tensorflow/tfjs-backend-cpu"
import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import { expect, test } from "vitest"
import { Normal } from "../../src/distribution/index.ts"
import { logJoint, markov, model, plate, prior, sample, simulate, trace } from "../../src/model/index.ts"
import { numbers } from "./oracle.ts"

/** A chain in a plate, with a plate and another chain in its step: noise of the step's own axes. */
const m = model(function* () {
  yield* plate("series", 2, function* () {
    yield* markov("time", 0, 3, function* (x) {
      const next = yield* sample("x", Normal(x, 1))
      const z = yield* plate("sensor", 2, function* () {
        return yield* sample("z", Normal(next, 1))
      })
      const w = yield* markov("inner", 0, 2, function* (c) {
        const v = yield* sample("w", Normal(c, 1))
        return tf.add(v, 0)
      })
      return tf.add(tf.sum(z), tf.sum(w))
    })
  })
})

test("draws in plates and chains inside a chain are those of the eager loops", async () => {
  const traced = await Effect.runPromise(trace(m(), { seed: 1 }))
  expect(await Effect.runPromise(logJoint(m(), traced.latents))).toBeCloseTo(traced.logJoint, 9)
  const { sites } = await Effect.runPromise(simulate(m(), { seed: 1 }))
  for (const name of ["x", "z", "w"] as const)
    expect(numbers(sites[name])).toEqual(numbers(traced.latents[name]).map((v) => expect.closeTo(v, 4)))
})

test("they are independent over draws, rows and steps", async () => {
  const draws = await Effect.runPromise(prior(m(), { seed: 1, draws: 5 }))
  expect(draws.z.shape).toEqual([5, 2, 3, 2])
  expect(new Set(numbers(draws.z)).size).toBe(5 * 2 * 3 * 2)
  expect(new Set(numbers(draws.w)).size).toBe(5 * 2 * 3 * 2)
})
