/** The step program against finite differences, and against Adam written out. */
import * as tf from "@tensorflow/tfjs-core"
import { describe, expect, test } from "vitest"
import { HalfNormal, Normal } from "../../src/distribution/index.ts"
import { contextOf, prepare } from "../../src/graph/interpret.ts"
import { reverseKL, reverseTerm } from "../../src/inference/objective.ts"
import { stepOf } from "../../src/inference/step.ts"
import { leaves, parameter, unflatten } from "../../src/learnable/index.ts"
import { model, observe, param, plate, sample } from "../../src/model/index.ts"
import { differences, worstError } from "../support/differences.ts"
import { feedOf } from "../support/gradients.ts"
import { approximate, byHand, estimator, flows, shaken } from "./support.ts"
import type { AnyGuide } from "./support.ts"

const regression = model(function* (x: ReadonlyArray<number>, y: ReadonlyArray<number>) {
  const offset = yield* param("offset", parameter(0.3))
  const mu = yield* sample("mu", Normal(0, 2))
  const tau = yield* sample("tau", HalfNormal(2))
  yield* plate("row", { x, y }, function* (row) {
    yield* observe("y", Normal(tf.add(tf.mul(row.x, mu), offset), tau), row.y)
  })
})
const posed = regression([0.5, -1, 2], [1, -0.4, 2.2])
const guides: ReadonlyArray<readonly [string, AnyGuide]> = [...Object.entries(flows), ["written by hand", byHand()]]

describe.each(guides)("%s", (_, guide) => {
  test("its gradient is that of finite differences, in every parameter", () => {
    const approximation = approximate(posed, guide)
    const { tree, vector } = shaken(approximation)
    const estimate = estimator(approximation, reverseKL({ gradient: "plain" }), tree, 3)
    const { gradient } = estimate(vector, 7)
    const moving = vector.slice()
    const objective = (): number => estimate(moving, 7).terms.reduce((sum, t) => sum + t, 0) / 3
    expect(worstError(gradient, differences(objective, moving))).toBeLessThan(1e-7)
    for (const { path, value } of leaves(unflatten(tree, gradient)))
      expect(
        value.data.some((g) => g !== 0),
        path
      ).toBe(true)
  })
})

test("a step ascends the gradient by Adam", () => {
  const approximation = approximate(posed, flows["full rank"])
  const { tree, vector } = shaken(approximation)
  const draws = 5
  const { program } = stepOf(tree, draws, (t) => reverseTerm(reverseKL(), approximation, t.guide, t.model))
  const { run } = prepare(program.graph, program.outputs, contextOf("float64"))
  const estimate = estimator(approximation, reverseKL(), tree, draws)
  let [theta, m, v] = [vector, vector.map(() => 0), vector.map(() => 0)]
  let [parameters, first, second] = [theta, m, v] as ReadonlyArray<Float64Array>
  for (let count = 1; count <= 3; count++) {
    const rate = 0.1 / count
    const { terms, gradient } = estimate(theta, count)
    // Kingma & Ba 2015, algorithm 1, with ε = 1e-8
    m = m.map((a, i) => 0.9 * a + 0.1 * gradient[i]!)
    v = v.map((a, i) => 0.999 * a + 0.001 * gradient[i]! ** 2)
    theta = theta.map((t, i) => t + (rate * (m[i]! / (1 - 0.9 ** count))) / (Math.sqrt(v[i]! / (1 - 0.999 ** count)) + 1e-8))
    const out = run(
      feedOf(program, { parameters: parameters!, first: first!, second: second!, rate: [rate], count: [count], key: [1, 2, count] })
    )
    ;[parameters, first, second] = out.slice(0, 3).map((a) => Float64Array.from(a)) as [Float64Array, Float64Array, Float64Array]
    theta.forEach((t, i) => expect(parameters![i]).toBeCloseTo(t, 11))
    const sum = (xs: ReadonlyArray<number>): number => xs.reduce((a, b) => a + b, 0)
    const mean = sum([...terms]) / draws
    const [average, squares, square] = out[3]!
    expect(average).toBeCloseTo(mean, 11)
    expect(squares).toBeCloseTo(sum([...terms].map((t) => (t - mean) ** 2)), 11)
    expect(square).toBeCloseTo(sum([...gradient].map((g) => g * g)), 9)
  }
})

test("moments without a gradient come to 0, and never to subnormal numbers", () => {
  const like = { guide: { idle: { shape: [2], data: Float64Array.of(1, 2) } }, model: {} }
  const { program } = stepOf(like, 1, () => tf.scalar(0))
  const { run } = prepare(program.graph, program.outputs, contextOf("float64"))
  const after = (first: number, second: number): ReadonlyArray<ArrayLike<number>> =>
    run(
      feedOf(program, {
        parameters: Float64Array.of(1, 2),
        first: Float64Array.of(first, -first),
        second: Float64Array.of(second, second),
        rate: [0.1],
        count: [3],
        key: [1, 2, 3]
      })
    )
  // 0.9 and 0.999 of them
  expect(Array.from(after(1.2e-30, 1.2e-30)[1]!)).toEqual([expect.closeTo(1.08e-30, 40), expect.closeTo(-1.08e-30, 40)])
  expect(Array.from(after(1.2e-30, 1.2e-30)[2]!)).toEqual([expect.closeTo(1.1988e-30, 40), expect.closeTo(1.1988e-30, 40)])
  expect(Array.from(after(1.1e-30, 1e-30)[1]!)).toEqual([0, 0])
  expect(Array.from(after(1.1e-30, 1e-30)[2]!)).toEqual([0, 0])
  expect(Array.from(after(NaN, NaN)[1]!)).toEqual([NaN, NaN])
})
