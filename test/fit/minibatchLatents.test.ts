/** Latents of a plate that is taken in minibatches, with a guide written as a model: model and guide take the same rows. */
import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { fullRank } from "../../guides/index.ts"
import { Normal } from "../../src/distribution/index.ts"
import { reference } from "../../src/engine/reference/reference.ts"
import { wasm } from "../../src/engine/wasm/wasm.ts"
import { evidenceByRow, fit, type NDArray, reverseKL } from "../../src/index.ts"
import { modelApproximation } from "../../src/inference/modelApproximation.ts"
import { reverseTerm } from "../../src/inference/objective.ts"
import { targetOf } from "../../src/inference/target.ts"
import { type Params, parameter } from "../../src/learnable/index.ts"
import { toTensors } from "../../src/model/compute.ts"
import { model, observe, param, plate, sample } from "../../src/model/index.ts"
import { evaluate } from "../../src/trace/evaluate.ts"
import { errorOf, normal } from "../model/oracle.ts"
import { normals } from "../support/numbers.ts"

const run = Effect.runPromise

/** Given z ~ Normal(0, 1), y ~ Normal(at + z, 1): y ~ Normal(at, √2), and z given y is Normal((y − at)/2, √½). */
const noisy = model(function* (y: ReadonlyArray<number>, batch: number, name: string = "row") {
  const at = yield* param("at", parameter(0))
  yield* plate(
    name,
    y,
    function* (row) {
      const z = yield* sample("z", Normal(0, 1))
      yield* observe("y", Normal(tf.add(at, z), 1), row)
    },
    { subsample: batch }
  )
})
const guide = model(function* (y: ReadonlyArray<number>, batch?: number) {
  const [shift, slope, logScale] = tf.unstack(yield* param("line", parameter([0, 0, 0]))) as [tf.Tensor, tf.Tensor, tf.Tensor]
  yield* plate(
    "row",
    y,
    function* (row) {
      yield* sample("z", Normal(tf.add(shift, tf.mul(slope, row)), tf.exp(logScale)))
    },
    { subsample: batch }
  )
})
const array = (data: ReadonlyArray<number>, shape: ReadonlyArray<number> = [data.length]): NDArray => ({
  shape,
  data: Float64Array.from(data)
})
const at = 0.7
const valueOf = (params: Params): NDArray => (params as { readonly value: NDArray }).value

/** The exact posterior, where nothing is added to it. */
const paramsAt = (off = 0) => ({
  model: { at: { value: array([at], []) } },
  guide: { line: { value: array([-at / 2, 0.5 + off, Math.log(0.5) / 2 + off]) } }
})
const exact = (y: number): number => normal(y, at, Math.SQRT2)

describe("a step", () => {
  const y = [-3, -1, 0.5, 2, 4, 7, 9]
  const batch = 3
  const approximation = modelApproximation(targetOf(noisy(y, batch)), guide(y, batch))

  for (const gradient of ["plain", "path"] as const)
    test(`takes the same rows in model and guide, ${gradient}`, () => {
      const strata = [
        [0, 1, 2],
        [2, 3, 4],
        [4, 5, 6]
      ]
      const possible = strata[0]!.flatMap((i) =>
        strata[1]!.flatMap((j) => strata[2]!.map((k) => ([i, j, k].reduce((sum, r) => sum + exact(y[r]!), 0) * y.length) / batch))
      )
      const found = new Set<number>()
      for (let lo = 0; lo < 40; lo++) {
        const [elbo] = evaluate(
          () => {
            const params = paramsAt()
            return reverseTerm(reverseKL({ gradient }), approximation, toTensors(params.guide), { at: toTensors(params.model.at) })
          },
          [],
          { hi: 1, lo }
        )
        const nearest = possible.reduce((a, b) => (Math.abs(b - elbo!.data[0]!) < Math.abs(a - elbo!.data[0]!) ? b : a))
        expect(elbo!.data[0]).toBeCloseTo(nearest, 4)
        found.add(nearest)
      }
      expect(found.size).toBeGreaterThan(8)
    })
})

test("a fit trains model and guide, and its rows are looked at one by one", async () => {
  const y = normals(5, 400).map((z) => at + Math.SQRT2 * z)
  const posterior = await run(
    fit(noisy(y, 20), guide(y, 20), { steps: 1500, draws: 4, learningRate: 0.02, engine: wasm({ precision: "float64" }) })
  )
  const mean = y.reduce((sum, v) => sum + v, 0) / y.length
  const fitted = valueOf(posterior.params.model.at).data[0]!
  const [shift, slope, logScale] = valueOf((posterior.params.guide as { readonly line: Params }).line).data as unknown as [
    number,
    number,
    number
  ]
  // the noise of minibatches of 20 is left in it
  expect(Math.abs(fitted - mean)).toBeLessThan(0.1)
  expect(slope).toBeCloseTo(0.5, 1)
  expect(shift).toBeCloseTo(-mean / 2, 1)
  expect(Math.exp(logScale)).toBeCloseTo(Math.SQRT1_2, 1)
  const { diagnostics, verdict, summary } = posterior
  const evidence = y.reduce((sum, v) => sum + normal(v, fitted, Math.SQRT2), 0)
  expect(Math.abs(diagnostics.logEvidence.value - evidence)).toBeLessThan(4 * diagnostics.logEvidence.error)
  expect(diagnostics.kl.value).toBeLessThan(0.01 * y.length)
  expect(verdict.kind).not.toBe("distrust")
  expect(diagnostics.meanShift.quantity).toMatch(/^z in row \d+ of "row"$/)
  expect(summary).toEqual([])
  expect((await run(posterior.draws(3))).z.shape).toEqual([3, 400])
})

describe("the evidence of rows", () => {
  const y = [-2, 0.1, 5]

  test("is exact by the exact posterior, on either side of its data", async () => {
    const { elbo, logEvidence } = await run(
      evidenceByRow(noisy(y, 20), guide(y, 20), { params: paramsAt(), draws: 3, engine: reference() })
    )
    y.forEach((v, i) => {
      expect(elbo[i]).toBeCloseTo(exact(v), 6)
      expect(logEvidence[i]).toBeCloseTo(exact(v), 6)
    })
  })

  test("by another one is a bound, and near with many draws", async () => {
    const params = paramsAt(0.3)
    const { elbo, logEvidence } = await run(evidenceByRow(noisy(y, 20), guide(y), { params, draws: 5000, seed: 3, engine: wasm() }))
    const [, slope, logScale] = params.guide.line.value.data as unknown as [number, number, number]
    y.forEach((v, i) => {
      // KL of Normal(m, s) from the posterior Normal((v − at)/2, √½)
      const [gap, s] = [-at / 2 + slope * v - (v - at) / 2, Math.exp(logScale)]
      const kl = -Math.log(s * Math.SQRT2) + s * s + gap * gap - 0.5
      expect(elbo[i]).toBeLessThan(logEvidence[i]!)
      expect(Math.abs(elbo[i]! - (exact(v) - kl))).toBeLessThan(0.15)
      expect(Math.abs(logEvidence[i]! - exact(v))).toBeLessThan(0.1)
    })
  })

  test("needs all latents and data in one plate", async () => {
    const global = model(function* () {
      const mu = yield* sample("mu", Normal(0, 1))
      yield* plate("row", [1, 2], function* (row) {
        yield* observe("y", Normal(mu, 1), row)
      })
    })
    const error = await errorOf(evidenceByRow(global(), global() as never, { params: { guide: {}, model: {} } }))
    expect(error.message).toMatch(/expected a model whose draws and data stand in a plate, got "mu" outside of plates/)
    const after = model(function* () {
      const z = yield* plate("row", [1, 2], function* () {
        return yield* sample("z", Normal(0, 1))
      })
      yield* observe("total", Normal(tf.sum(z), 1), 0)
    })
    expect((await errorOf(evidenceByRow(after(), guide([1, 2]), { params: paramsAt() }))).message).toMatch(
      /site "total": it is not in the plate "row"/
    )
  })
})

describe("refused are", () => {
  const y = [1, 2, 3, 4]

  test("automatic guides", async () => {
    expect((await errorOf(fit(noisy(y, 2), fullRank()))).message).toMatch(
      /site "z": a latent in the plate "row", which is subsampled, has no coordinates in an automatic guide/
    )
  })

  test("guides that take other rows", async () => {
    for (const [m, g, words] of [
      [noisy(y, 2), guide(y), 'takes 2 of the 4 rows of plate "row" in the model, but all rows in the guide'],
      [noisy(y, 2), guide(y, 3), 'but 3 of the 4 rows of plate "row" in the guide'],
      [noisy(y, 2), guide([...y, 5], 2), 'but 2 of the 5 rows of plate "row" in the guide'],
      [noisy(y, 2, "line"), guide(y, 2), 'takes 2 of the 4 rows of plate "line" in the model, but 2 of the 4 rows of plate "row"']
    ] as const)
      expect((await errorOf(fit(m, g))).message).toContain(words)
  })
})
