/** Latents of every constraint: evidence and moments of their posteriors, known in closed form. */
import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { neuralSplineFlow, realNVP } from "../../guides/index.ts"
import { interval, lessThan, lowerCholesky, ordered, positiveOrdered } from "../../src/constraint/index.ts"
import { Categorical, Dirichlet, Exponential, ImproperUniform, LKJCholesky, Normal, Uniform } from "../../src/distribution/index.ts"
import { fit } from "../../src/fit/index.ts"
import { deterministic, factor, model, observe, plate, sample } from "../../src/model/index.ts"
import type { Posterior } from "../../src/posterior/posterior.ts"
import { lgamma } from "../../src/special/index.ts"

const run = Effect.runPromise
const flow = neuralSplineFlow({ couplings: 2, hidden: [16] })
const options = { steps: 250, draws: 32, learningRate: 0.01 }
const log2pi = Math.log(2 * Math.PI)

/** The normalised density of independent standard normals, as a term. */
const standard = (x: tf.Tensor): tf.Tensor => tf.sub(tf.mul(-0.5, tf.sum(tf.square(x))), (x.size / 2) * log2pi)

interface Exact {
  readonly evidence: number
  readonly means: Readonly<Record<string, readonly [mean: number, sd: number]>>
}

const holds = (posterior: Posterior<never>, { evidence, means }: Exact): void => {
  const { logEvidence, kl } = posterior.diagnostics
  // a few of 10,000 draws may be missed in the tails
  expect(Math.abs(logEvidence.value - evidence)).toBeLessThan(5 * logEvidence.error + 1e-3)
  expect(kl.value).toBeLessThan(0.05)
  for (const [name, [mean, sd]] of Object.entries(means)) {
    const row = posterior.summary.find((r) => r.name === name)!
    expect(Math.abs(row.mean - mean) / sd, `mean of ${name}`).toBeLessThan(0.1)
    expect(Math.abs(Math.log(row.sd / sd)), `sd of ${name}`).toBeLessThan(0.1)
  }
}

describe("the posterior of", () => {
  test("shares, given counts", async () => {
    const alpha = [1, 2, 0.7]
    const seen = [0, 0, 2, 1, 0, 2]
    const shares = model(function* (y: ReadonlyArray<number>) {
      const p = yield* sample("p", Dirichlet(alpha))
      yield* plate("row", { y }, function* (row) {
        yield* observe("y", Categorical(tf.log(p)), row.y)
      })
    })
    const after = alpha.map((a, k) => a + seen.filter((s) => s === k).length)
    const [before, total] = [alpha, after].map((a) => a.reduce((x, y) => x + y, 0)) as [number, number]
    const evidence = lgamma(before) - lgamma(total) + after.reduce((sum, a, k) => sum + lgamma(a) - lgamma(alpha[k]!), 0)
    const posterior = await run(fit(shares(seen), flow, options))
    holds(posterior as Posterior<never>, {
      evidence,
      means: Object.fromEntries(after.map((a, k) => [`p[${k}]`, [a / total, Math.sqrt((a * (total - a)) / (total + 1)) / total]]))
    })
    const { p } = await run(posterior.draws(100))
    for (let i = 0; i < 100; i++) expect(p.data[3 * i]! + p.data[3 * i + 1]! + p.data[3 * i + 2]!).toBeCloseTo(1, 12)
    // on the free coordinates, as the Dirichlet density is
    const at = [0.5, 0.2, 0.3]
    const exact = lgamma(total) + after.reduce((sum, a, k) => sum + (a - 1) * Math.log(at[k]!) - lgamma(a), 0)
    expect(Math.abs((await run(posterior.logDensity({ p: at }))) - exact)).toBeLessThan(0.15)
  })

  test("order statistics", async () => {
    const sorted = model(function* () {
      const x = yield* sample("x", ImproperUniform(ordered, [2]))
      yield* factor("density", standard(x))
    })
    // half of the plane; the smaller of two normals has mean −1/√π and variance 1 − 1/π
    const [mean, sd] = [1 / Math.sqrt(Math.PI), Math.sqrt(1 - 1 / Math.PI)]
    holds((await run(fit(sorted(), flow, options))) as Posterior<never>, {
      evidence: -Math.log(2),
      means: { "x[0]": [-mean, sd], "x[1]": [mean, sd] }
    })
  })

  test("waiting times in order", async () => {
    const sorted = model(function* () {
      const t = yield* sample("t", ImproperUniform(positiveOrdered, [2]))
      yield* factor("density", tf.neg(tf.sum(t)))
    })
    // Rényi: gaps are independent exponentials, of rates 2 and 1
    const posterior = await run(fit(sorted(), flow, { ...options, steps: 800 }))
    holds(posterior as Posterior<never>, { evidence: -Math.log(2), means: { "t[0]": [0.5, 0.5], "t[1]": [1.5, Math.sqrt(1.25)] } })
  })

  test("a site that bounds another", async () => {
    const nested = model(function* () {
      const a = yield* sample("a", Uniform(0, 2))
      const b = yield* sample("b", Uniform(0, a))
      const c = yield* sample("c", ImproperUniform(lessThan(b)))
      yield* factor("c below b", tf.sub(c, b))
    })
    // b = a u, c = b − e with independent uniforms and an exponential
    const [vb, va] = [4 / 9 - 1 / 4, 1 / 3]
    const posterior = await run(fit(nested(), realNVP({ couplings: 4, hidden: [16] }), { ...options, steps: 400 }))
    holds(posterior as Posterior<never>, {
      evidence: 0,
      means: { a: [1, Math.sqrt(va)], b: [0.5, Math.sqrt(vb)], c: [-0.5, Math.sqrt(vb + 1)] }
    })
    const { a, b, c } = await run(posterior.draws(500))
    for (let i = 0; i < 500; i++) expect(c.data[i]! < b.data[i]! && 0 < b.data[i]! && b.data[i]! < a.data[i]! && a.data[i]! < 2).toBe(true)
  })

  test("a correlation", async () => {
    const eta = 1.5
    const pair = model(function* () {
      const L = yield* sample("L", LKJCholesky(2, eta))
      yield* deterministic("rho", tf.reshape(tf.slice(L, [1, 0], [1, 1]), []))
    })
    // (rho + 1)/2 ~ Beta(eta, eta)
    const posterior = await run(fit(pair(), flow, options))
    holds(posterior as Posterior<never>, { evidence: 0, means: { rho: [0, 1 / Math.sqrt(2 * eta + 1)] } })
    expect(posterior.summary.map(({ name }) => name)).toEqual(["L[0,0]", "L[0,1]", "L[1,0]", "L[1,1]", "rho"])
    expect(posterior.summary[0]).toEqual({ name: "L[0,0]", mean: 1, sd: 0, q05: 1, q50: 1, q95: 1 })
  })

  test("a triangular factor, and an interval", async () => {
    const m = model(function* () {
      const L = yield* sample("L", ImproperUniform(lowerCholesky, [2, 2]))
      const [a, , b, c] = tf.unstack(tf.reshape(L, [4])) as ReadonlyArray<tf.Tensor> as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]
      yield* factor("density", tf.sub(standard(b), tf.add(a, tf.mul(2, c))))
      yield* sample("x", ImproperUniform(interval(-1, 3)))
    })
    // exponentials of rates 1 and 2 on the diagonal, a normal below it; flat on an interval of length 4
    holds((await run(fit(m(), realNVP({ couplings: 4, hidden: [16] }), { ...options, steps: 400 }))) as Posterior<never>, {
      evidence: Math.log(1 / 2) + Math.log(4),
      means: { "L[0,0]": [1, 1], "L[1,0]": [0, 1], "L[1,1]": [0.5, 0.5], x: [1, 4 / Math.sqrt(12)] }
    })
  })

  test("rows of a plate, shapes and names", async () => {
    const rows = model(function* () {
      const scale = yield* sample("scale", Exponential(1))
      yield* plate("group", 2, function* () {
        yield* plate("member", 3, function* () {
          yield* sample("z", Normal(0, 1))
        })
        yield* sample("w", Normal([0, 1], 0.5))
      })
      yield* deterministic("twice", tf.mul(2, scale))
    })
    const posterior = await run(fit(rows(), realNVP({ couplings: 2, hidden: [8] }), { ...options, steps: 60 }))
    const draws = await run(posterior.draws(7))
    expect(Object.fromEntries(Object.entries(draws).map(([name, { shape }]) => [name, shape]))).toEqual({
      scale: [7],
      z: [7, 2, 3],
      w: [7, 2, 2],
      twice: [7]
    })
    expect(posterior.summary.map(({ name }) => name)).toEqual([
      "scale",
      ...["z[0,0]", "z[0,1]", "z[0,2]", "z[1,0]", "z[1,1]", "z[1,2]"],
      ...["w[0,0]", "w[0,1]", "w[1,0]", "w[1,1]"],
      "twice"
    ])
    expect(posterior.summary.find(({ name }) => name === "w[1,1]")!.mean).toBeCloseTo(1, 1)
    expect(Array.from(draws.twice.data)).toEqual(Array.from(draws.scale.data, (s) => 2 * s))
  })
})
