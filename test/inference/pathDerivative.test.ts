/** The path derivative: unbiased, without variance where the guide is the posterior, and never stopped for the model's own parameters. */
import * as tf from "@tensorflow/tfjs-core"
import { describe, expect, test } from "vitest"
import { HalfNormal, ImproperUniform, LogNormal, Normal } from "../../src/distribution/index.ts"
import { positive, real } from "../../src/constraint/index.ts"
import { reverseKL } from "../../src/inference/objective.ts"
import { unflatten } from "../../src/learnable/tree.ts"
import { parameter } from "../../src/learnable/index.ts"
import { toTensors } from "../../src/model/compute.ts"
import { factor, model, observe, param, sample } from "../../src/model/index.ts"
import { approximate, byHand, estimator, flows, range, shaken, someStart } from "./support.ts"
import type { AnyGuide } from "./support.ts"

const [path, plain] = [reverseKL(), reverseKL({ gradient: "plain" })]

/** Not Gaussian, two latents, one of them positive. */
const pair = model(function* () {
  const mu = yield* sample("mu", Normal(0.5, 1.5))
  const tau = yield* sample("tau", HalfNormal(2))
  yield* observe("y", Normal(tf.tanh(mu), tau), 0.8)
})

const guides: ReadonlyArray<readonly [string, AnyGuide]> = [...Object.entries(flows), ["written by hand", byHand()]]

describe.each(guides)("%s", (_, guide) => {
  test("the path derivative is the plain gradient in expectation, and is not the plain gradient", () => {
    const approximation = approximate(pair(), guide)
    const { tree, vector } = shaken(approximation)
    const [draws, batches] = [400, 40]
    const [stl, whole] = [path, plain].map((objective) => estimator(approximation, objective, tree, draws))
    const differences = range(batches).map((step) => {
      const [a, b] = [stl!(vector, step), whole!(vector, step)]
      a.terms.forEach((t, i) => expect(Math.abs(t - b.terms[i]!)).toBeLessThan(1e-9 * (1 + Math.abs(t))))
      return a.gradient.map((g, i) => g - b.gradient[i]!)
    })
    const scores = vector.map((__, i) => {
      const mean = differences.reduce((sum, d) => sum + d[i]!, 0) / batches
      const variance = differences.reduce((sum, d) => sum + (d[i]! - mean) ** 2, 0) / (batches - 1)
      return Math.sqrt(variance) < 1e-12 ? Math.abs(mean) / 1e-12 : mean / Math.sqrt(variance / batches)
    })
    // a standardised mean of 40 batches: Student's t, beyond 6 with probability 5e-7
    expect(Math.max(...scores.map(Math.abs))).toBeLessThan(6)
    expect(Math.max(...differences.flatMap((d) => Array.from(d, Math.abs)))).toBeGreaterThan(1e-3)
  })
})

describe("where the guide is the posterior, the path derivative of every draw is zero", () => {
  test.each(Object.entries(flows))("%s", (_, guide) => {
    const d = 3
    const flow = guide.flow(someStart(d))
    const flat = model(function* () {
      yield* sample("x", ImproperUniform(real, [d]))
    })
    const { tree, vector } = shaken(approximate(flat(), guide))
    const fixed = (unflatten(tree, vector) as { readonly guide: typeof tree }).guide
    /** The density of the guide at these parameters, as a model. */
    const itself = model(function* () {
      const x = yield* sample("x", ImproperUniform(real, [d]))
      const { value, logDet } = flow.build(toTensors(fixed)).inverse(x)
      yield* factor("density", tf.add(tf.mul(-0.5, tf.sum(tf.square(value))), logDet))
    })
    const approximation = approximate(itself(), guide)
    const { terms, gradient } = estimator(approximation, path, tree, 50)(vector, 0)
    const whole = Math.max(...estimator(approximation, plain, tree, 50)(vector, 0).gradient.map(Math.abs))
    expect(whole).toBeGreaterThan(0.01)
    // the model's density is by the inverse, which rounds; the guide's is at the values that the draw came from
    expect(Math.max(...gradient.map(Math.abs))).toBeLessThan(1e-11 * Math.max(1, whole))
    for (const t of terms) expect(t).toBeCloseTo((d / 2) * Math.log(2 * Math.PI), 9)
  })

  test("written by hand", () => {
    const itself = model(function* () {
      const mu = yield* sample("mu", Normal(0.2, Math.exp(0.7)))
      yield* sample("tau", LogNormal(tf.mul(-0.4, mu), Math.exp(0.5)))
    })
    const approximation = approximate(itself(), byHand())
    const { tree, vector } = shaken(approximation, 0)
    const { terms, gradient } = estimator(approximation, path, tree, 50)(vector, 0)
    expect(Math.max(...gradient.map(Math.abs))).toBeLessThan(1e-12)
    for (const t of terms) expect(Math.abs(t)).toBeLessThan(1e-12)
    expect(Math.max(...estimator(approximation, plain, tree, 50)(vector, 0).gradient.map(Math.abs))).toBeGreaterThan(0.01)
  })
})

describe("parameters of the model", () => {
  const withParam = model(function* () {
    const s = yield* param("s", parameter(1.3, positive))
    const mu = yield* sample("mu", Normal(0, s))
    const tau = yield* sample("tau", LogNormal(0, s))
    yield* observe("y", Normal(mu, tau), 2)
  })

  test.each(guides)("are never stopped: %s", (_, guide) => {
    const approximation = approximate(withParam(), guide)
    const { tree, vector } = shaken(approximation)
    const [a, b] = [path, plain].map((objective) => estimator(approximation, objective, tree, 20)(vector, 0).gradient)
    // flattened in the order of names: "guide" before "model"
    expect(a!.at(-1)).not.toBe(0)
    expect(Math.abs(a!.at(-1)! - b!.at(-1)!)).toBeLessThan(1e-12 * Math.abs(b!.at(-1)!))
  })
})
