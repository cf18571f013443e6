import * as tf from "@tensorflow/tfjs-core"
import "@tensorflow/tfjs-backend-cpu"
import { describe, expect, test } from "vitest"
import { permutation } from "../../src/bijector/index.ts"
import { Normal } from "../../src/distribution/index.ts"
import type { NDArray } from "../../src/graph/types.ts"
import * as L from "../../src/learnable/index.ts"
import { made } from "../../src/learnable/made.ts"
import { keyOf } from "../../src/random/key.ts"
import { evaluate } from "../../src/trace/evaluate.ts"
import { asTensor } from "../../src/trace/tensor.ts"
import { gradient } from "../../src/trace/trace.ts"
import { normals } from "../support/numbers.ts"

const array = (shape: ReadonlyArray<number>, values: ArrayLike<number>): NDArray => ({ shape, data: Float64Array.from(values) })
const tensors = (params: L.Params): L.TensorParams => L.mapTree(params, (leaf): L.TensorParams => asTensor(leaf))
const range = (n: number): ReadonlyArray<number> => Array.from({ length: n }, (_, i) => i)

describe("MADE", () => {
  /** Which inputs, and which entries of the context, each output moves with. */
  const dependencies = (owners: ReadonlyArray<number>, size: number, hidden: ReadonlyArray<number>, context: number) => {
    const network = made({ size, owners, hidden, context, activation: "tanh" })
    const params = network.init(keyOf(1))
    const slopes = evaluate(
      (x, c) => {
        const y = network.build(tensors(params))(x!, context > 0 ? c : undefined)
        return owners.map((_, k) => {
          const [byX, byContext] = gradient(tf.sum(tf.slice(y, [k], [1])), [x!, c!])
          return tf.concat([byX!, byContext!])
        })
      },
      [array([size], normals(2, size)), array([Math.max(1, context)], normals(3, Math.max(1, context)))]
    )
    return slopes.map(({ data }) => Array.from(data, (v) => Number(v !== 0)))
  }

  test.each([
    [5, [16], 0],
    [5, [16, 16], 0],
    [5, [], 0],
    [3, [8, 7], 2],
    [2, [4], 3],
    [4, [], 1]
  ])("of %i with hidden layers of %j and a context of %i: an output sees all that it may and nothing more", (size, hidden, context) => {
    const owners = range(2 * size).map((k) => k % size)
    dependencies(owners, size, hidden, context).forEach((found, k) => {
      const expected = [...range(size).map((i) => Number(i < owners[k]!)), ...range(Math.max(1, context)).map(() => Number(context > 0))]
      expect(found, `output ${k}`).toEqual(expected)
    })
  })

  test("a layer narrower than the vector sees nothing that it may not", () => {
    dependencies(range(9), 9, [4, 3], 0).forEach((found, k) => {
      range(9).forEach((i) => expect(found[i]!).toBeLessThanOrEqual(Number(i < k)))
      // what the last output may see passes through
      if (k === 8) expect(found.reduce((a, b) => a + b)).toBeGreaterThan(4)
    })
  })

  test("weights begin at 0 where they are masked, and elsewhere as wide as their unit's inputs are few", () => {
    const params = made({ size: 100, owners: range(100), hidden: [100] }).init(keyOf(1)) as Record<string, NDArray>
    const weight = params["weight 1"]!.data
    const column = (j: number): ReadonlyArray<number> => range(100).map((i) => weight[i * 100 + j]!)
    const seen = (j: number): ReadonlyArray<number> => column(j).filter((v) => v !== 0)
    expect([seen(0).length, seen(99).length]).toEqual([1, 99])
    const variance = seen(99).reduce((sum, v) => sum + v * v, 0)
    expect(Math.abs(variance - 2)).toBeLessThan(1)
  })
})

test("the scale of a coupling is bounded as it is told", () => {
  const scaleOf = (options: Partial<L.AffineCouplingOptions>, r: number): number => {
    const coupling = L.learnableAffineCoupling({ size: 2, hidden: [], ...options })
    const params = { network: { "weight 1": array([1, 2], [0, 0]), "bias 1": array([2], [0, r]) } }
    return evaluate((x) => [coupling.build(tensors(params)).forward(x!).logDet], [array([2], [1, 1])])[0]!.data[0]!
  }
  const clipped = { logScale: (r: tf.Tensor): tf.Tensor => tf.mul(2.5, tf.tanh(r)) }
  for (const r of [-100, -1, 0.3, 100]) expect(scaleOf(clipped, r)).toBeCloseTo(2.5 * Math.tanh(r), 12)
  expect(scaleOf({}, 1e6)).toBeCloseTo(5, 6)
  expect(scaleOf({}, 0.3)).toBeCloseTo(0.3 / Math.hypot(1, 0.06), 12)
})

test("a linear map starts at a rotation", () => {
  for (const size of [2, 3, 6]) {
    const layer = L.learnableLinear({ size, rotation: 7 })
    const params = layer.init(keyOf(0))
    const columns = range(size).map((j) => {
      const unit = range(size).map((i) => Number(i === j))
      const [y, logDet] = evaluate(
        (x) => {
          const there = layer.build(tensors(params)).forward(x!)
          return [there.value, there.logDet]
        },
        [array([size], unit)]
      )
      expect(logDet!.data[0]).toBeCloseTo(0, 13)
      return Array.from(y!.data)
    })
    columns.forEach((a, i) =>
      columns.forEach((b, j) => expect(a.reduce((sum, v, k) => sum + v * b[k]!, 0)).toBeCloseTo(Number(i === j), 13))
    )
    expect(columns[0]!.filter((v) => Math.abs(v) > 0.01).length).toBeGreaterThan(1)
  }
})

test("a flow is a base and a bijector, each with its own key", () => {
  const base = L.learnableMixture({ size: 2, components: 4 })
  const flow = L.learnableTransformed(base, L.learnableAffineCoupling({ size: 2, context: 1, hidden: [3] }))
  const params = flow.init(keyOf(3)) as { base: L.Params; bijector: L.Params }
  expect(Object.keys(params)).toEqual(["base", "bijector"])
  const [a, b] = evaluate(
    (x, c) => {
      const built = flow.build(tensors(params), c)
      const { value, logDet } = L.learnableAffineCoupling({ size: 2, context: 1, hidden: [3] })
        .build(tensors(params.bijector), c)
        .inverse(x!)
      return [built.logProb(x!), tf.add(base.build(tensors(params.base)).logProb(value), logDet)]
    },
    [array([2], [0.3, -2]), array([1], [0.7])]
  )
  expect(a!.data[0]).toBeCloseTo(b!.data[0]!, 12)
  const fixed = L.learnableTransformed(Normal([0, 0], 1), L.fixed(permutation([1, 0])))
  expect(L.leaves(fixed.init(keyOf(0)))).toEqual([])
})

test("a mixture starts with its means apart, as wide as asked", () => {
  const { means } = L.learnableMixture({ size: 2, components: 200, spread: 3 }).init(keyOf(1)) as { means: NDArray }
  const variance = Array.from(means.data).reduce((sum, v) => sum + v * v, 0) / 400
  expect(Math.abs(variance - 9)).toBeLessThan(2)
})

describe("errors say what does not fit", () => {
  const cases: ReadonlyArray<readonly [() => unknown, string]> = [
    [() => L.learnablePlanar({ size: 0 }), "planar.size: expected a positive integer, got 0"],
    [() => L.learnableRadial({ size: 1.5 }), "radial.size"],
    [() => L.learnableLinear({ size: -1 }), "linear.size"],
    [() => L.learnableSpline({ size: 2, bins: 1 }), "spline.bins: expected an integer from 2 to 500, got 1"],
    [() => L.learnableMaskedAutoregressive({ size: 0 }), "masked autoregressive.size"],
    [() => L.learnableMaskedAutoregressive({ size: 2, transform: "spline", bins: 1 }), "masked autoregressive.bins"],
    [() => L.learnableMixture({ size: 2, components: 0 }), "mixture.components"],
    [() => L.learnableStudentT({ size: 2, df: 0 }), "Student's t.df: expected a number above 0, got 0"],
    [() => L.learnableActnorm([1, 2]), "actnorm.rows: expected shape [n, d] with n ≥ 2, got [2]"],
    [() => L.learnableActnorm([[1, 2]]), "actnorm.rows"],
    [
      () =>
        L.learnableActnorm([
          [1, 2],
          [1, 3]
        ]),
      "a standard deviation of 0 in column 0"
    ],
    [
      () =>
        L.learnableActnorm([
          [1, NaN],
          [2, 3]
        ]),
      "a standard deviation of NaN in column 1"
    ]
  ]
  test.each(cases)("%#", (run, message) => expect(run).toThrow(message))
})
