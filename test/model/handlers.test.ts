import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { Normal } from "../../src/distribution/index.ts"
import {
  block,
  condition,
  factor,
  intervene,
  logJoint,
  mask,
  model,
  observe,
  plate,
  replay,
  sample,
  scale,
  scope,
  substitute,
  trace
} from "../../src/model/index.ts"
import { normal, numbers, sum } from "./oracle.ts"

const run = Effect.runPromise

/** mu → theta_i → y_i, with a second parent b of y. */
const base = model(function* (y: ReadonlyArray<number>) {
  const mu = yield* sample("mu", Normal(0, 2))
  const b = yield* sample("b", Normal(mu, 1))
  yield* factor("tilt", tf.mul(b, 0.1))
  yield* plate("row", y, function* (seen) {
    const theta = yield* sample("theta", Normal(mu, 0.5))
    yield* observe("y", Normal(tf.add(theta, b), 1), seen)
  })
})
const y = [0.4, -1]
const mu = 0.3
const b = -0.7
const theta = [1.2, 0.1]
const parts = {
  mu: normal(mu, 0, 2),
  b: normal(b, mu, 1),
  tilt: 0.1 * b,
  theta: sum(theta.map((t) => normal(t, mu, 0.5))),
  y: sum(y.map((seen, i) => normal(seen, theta[i]! + b, 1)))
}
const all = sum(Object.values(parts))
const close = (expected: number) => expect.closeTo(expected, 9)

describe("handlers", () => {
  test("condition: the named latents become data, with their density", async () => {
    const m = condition(base(y), { theta, mu })
    expect(await run(logJoint(m, { b }))).toEqual(close(all))
    const { sites, latents } = await run(trace(m))
    expect(Object.keys(latents)).toEqual(["b"])
    expect(sites["theta"]).toMatchObject({ kind: "observe", observed: true })
    expect(numbers(sites["theta"]!.value!)).toEqual(theta)
  })

  test("intervene: the named sites are set, and their own densities gone", async () => {
    expect(await run(logJoint(intervene(base(y), { b }), { mu, theta }))).toEqual(close(all - parts.b))
    expect(await run(logJoint(intervene(base(y), { y: [9, 9] }), { mu, theta, b }))).toEqual(close(all - parts.y))
    const { sites } = await run(trace(intervene(base(y), { theta })))
    expect(sites["theta"]).toMatchObject({ kind: "deterministic", observed: false })
  })

  test("intervene and condition differ upstream: only the effects of a cause are changed", async () => {
    const m = model(function* () {
      const cause = yield* sample("cause", Normal(0, 1))
      return yield* sample("effect", Normal(cause, 1))
    })
    // log p(effect = 2) = log N(2; 0, √2) at the conjugate posterior mean: joint(1, 2) − log N(1; 1, √½)
    const joint = await run(logJoint(condition(m(), { effect: 2 }), { cause: 1 }))
    expect(joint - normal(1, 1, Math.SQRT1_2)).toEqual(close(normal(2, 0, Math.SQRT2)))
    expect(await run(logJoint(intervene(m(), { effect: 2 }), { cause: 1 }))).toEqual(close(normal(1, 0, 1)))
  })

  test("substitute: the named latents are fixed, and stay latents", async () => {
    const m = substitute(base(y), { theta, mu, b })
    const { latents, logJoint: joint } = await run(trace(m))
    expect(joint).toEqual(close(all))
    expect([numbers(latents.theta), numbers(latents.mu)]).toEqual([theta, [mu]])
  })

  test("replay: another run's latents, whatever else it has", async () => {
    const traced = await run(trace(base(y), { seed: 3 }))
    const again = await run(trace(replay(base(y), { ...traced.latents, other: 1 }), { seed: 4 }))
    expect(again.latents).toEqual(traced.latents)
    expect(again.logJoint).toEqual(close(traced.logJoint))
  })

  test("block: the named sites are out of the latents and the density", async () => {
    const m = block(condition(base(y), { b }), "b", "tilt")
    expect(await run(logJoint(m, { mu, theta }))).toEqual(close(all - parts.b - parts.tilt))
    expect(Object.keys((await run(trace(block(base(y), "theta")))).latents)).toEqual(["mu", "b"])
  })

  test("mask and scale: densities count where and as often as said, in plates too", async () => {
    const point = { mu, theta, b }
    expect(await run(logJoint(mask(base(y), 0), point))).toBe(0)
    expect(await run(logJoint(mask(base(y), 1), point))).toEqual(close(all))
    expect(await run(logJoint(scale(scale(base(y), 2), 0.25), point))).toEqual(close(0.5 * all))
  })

  test("mask: what is masked leaves no NaN", async () => {
    const m = model(function* (x: number) {
      yield* mask(observe("x", Normal(0, 1), x), 0)
    })
    expect(await run(logJoint(m(Number.NaN), {}))).toBe(0)
    expect(await run(logJoint(m(Infinity), {}))).toBe(0)
  })

  test("scope: names get a prefix, and values are given by it", async () => {
    const m = scope(scope(base(y), "in"), "out")
    expect(await run(logJoint(m, { "out.in.mu": mu, "out.in.theta": theta, "out.in.b": b }))).toEqual(close(all))
    expect(await run(logJoint(scope(condition(base(y), { mu }), "s"), { "s.theta": theta, "s.b": b }))).toEqual(close(all))
  })

  test("in a plate: values are seen from where the handler stands", async () => {
    const m = model(function* () {
      yield* plate("outer", { mu: [mu, mu + 1] }, function* (row) {
        yield* condition(base(y), { mu: row.mu, theta })
      })
    })
    const second = normal(mu + 1, 0, 2) + normal(b, mu + 1, 1) + parts.tilt + sum(theta.map((t) => normal(t, mu + 1, 0.5))) + parts.y
    expect(await run(logJoint(m(), { b: [b, b] }))).toEqual(close(all + second))
  })

  test("nearest the model sees a site first", async () => {
    const { sites } = await run(trace(condition(substitute(base(y), { mu: 1 }), { mu: 2 })))
    expect(sites["mu"]).toMatchObject({ kind: "observe", observed: true })
    expect(numbers(sites["mu"]!.value!)).toEqual([1])
  })
})
