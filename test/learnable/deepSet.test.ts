import * as tf from "@tensorflow/tfjs-core"
import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { NDArray } from "../../src/graph/types.ts"
import { deepSet, fourierFeatures, type Params, type TensorParams } from "../../src/learnable/index.ts"
import { toTensors } from "../../src/model/compute.ts"
import { keyOf } from "../../src/random/key.ts"
import { evaluate } from "../../src/trace/evaluate.ts"
import { normals } from "../support/numbers.ts"

const matrix = (rows: ReadonlyArray<ReadonlyArray<number>>): NDArray => ({
  shape: [rows.length, rows[0]!.length],
  data: Float64Array.from(rows.flat())
})

const valueOf = (
  params: Params,
  f: (params: TensorParams, ...inputs: ReadonlyArray<tf.Tensor>) => tf.Tensor,
  ...inputs: ReadonlyArray<NDArray>
) => Array.from(evaluate((...tensors) => f(toTensors(params), ...tensors), inputs)[0]!.data)

const close = (actual: ReadonlyArray<number>, expected: ReadonlyArray<number>, tolerance = 1e-12): void => {
  expect(actual.length).toBe(expected.length)
  actual.forEach((v, i) => expect(Math.abs(v - expected[i]!)).toBeLessThan(tolerance * (1 + Math.abs(expected[i]!))))
}

const networks = {
  "multilayer perceptron": deepSet({ inputs: 2, outputs: 3, element: [6, 5], hidden: [4] }),
  "Fourier features": deepSet({ inputs: 2, outputs: 3, fourier: { features: 7 }, hidden: [4] }),
  both: deepSet({ inputs: 2, outputs: 3, fourier: { features: 7, scale: 1 }, element: [5], hidden: [], activation: "silu" })
}

const number = fc.double({ min: -4, max: 4, noNaN: true })
const elements = fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 9 })

describe.each(Object.entries(networks))("a deep set by %s", (_, network) => {
  const params = network.init(keyOf(3))
  const of = (rows: ReadonlyArray<ReadonlyArray<number>>, count?: number): ReadonlyArray<number> =>
    valueOf(params, (p, x) => network.build(p)(x!, count), matrix(rows))

  test("knows no order", () =>
    fc.assert(
      fc.property(
        elements.chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length }))),
        ([rows, shuffled]) => close(of(shuffled), of(rows))
      ),
      { seed: 1, numRuns: 50 }
    ))

  test("does not see what stands behind its elements, be it no number", () =>
    fc.assert(
      fc.property(elements, fc.array(fc.tuple(fc.double(), fc.double()), { maxLength: 5 }), (rows, padding) =>
        close(of([...rows, ...padding], rows.length), of(rows))
      ),
      { seed: 2, numRuns: 50 }
    ))

  test("tells a set from the same one twice over", () =>
    fc.assert(
      fc.property(elements, (rows) => {
        const difference = of([...rows, ...rows]).reduce((sum, v, i) => sum + Math.abs(v - of(rows)[i]!), 0)
        expect(difference).toBeGreaterThan(1e-6)
      }),
      { seed: 3, numRuns: 20 }
    ))
})

test("is the network of the mean of the elements' network, of log n and of the context", () => {
  const network = deepSet({ inputs: 1, outputs: 1, element: [2], hidden: [], context: 1 })
  const params = {
    fourier: {},
    element: { "weight 1": { shape: [1, 2], data: Float64Array.of(1, -2) }, "bias 1": { shape: [2], data: Float64Array.of(0.5, 3) } },
    whole: {
      "weight 1": { shape: [2, 1], data: Float64Array.of(7, 11) },
      "bias 1": { shape: [1], data: Float64Array.of(13) },
      "context weight": { shape: [2, 1], data: Float64Array.of(17, 19) }
    }
  }
  const x = [1, 4, -3, 2]
  const mean = (f: (v: number) => number) => x.reduce((sum, v) => sum + f(v), 0) / 4
  const value = valueOf(params, (p, rows, context) => network.build(p)(rows!, 4, context), matrix(x.map((v) => [v])), {
    shape: [1],
    data: Float64Array.of(23)
  })
  close(value, [7 * mean((v) => v + 0.5) + 11 * mean((v) => 3 - 2 * v) + 13 + 17 * Math.log(4) + 19 * 23])
})

describe("Fourier features", () => {
  const features = fourierFeatures({ inputs: 2, outputs: 4, scale: 2 })
  const params = features.init(keyOf(5)) as { readonly frequencies: NDArray; readonly phases: NDArray }
  const { frequencies, phases } = params

  test("are √2 cos(x W + b)", () => {
    const x = [0.3, -1.2]
    close(
      valueOf(params, (p, v) => features.build(p)(v!), { shape: [2], data: Float64Array.from(x) }),
      Array.from(phases.data, (b, k) => Math.SQRT2 * Math.cos(x[0]! * frequencies.data[k]! + x[1]! * frequencies.data[4 + k]! + b))
    )
  })

  test("even ones are √2 cos(x W), the same at x and −x", () => {
    const even = fourierFeatures({ inputs: 1, outputs: 3, even: true })
    const start = even.init(keyOf(2)) as { readonly frequencies: NDArray }
    const at = (x: number) => valueOf(start, (p, v) => even.build(p)(v!), { shape: [1], data: Float64Array.of(x) })
    close(
      at(0.7),
      Array.from(start.frequencies.data, (w) => Math.SQRT2 * Math.cos(0.7 * w))
    )
    close(at(-0.7), at(0.7))
  })

  test("their mean over a normal sample is its characteristic function", () => {
    const n = 20_000
    const mean = valueOf(params, (p, rows) => tf.mean(features.build(p)(rows!), 0), {
      shape: [n, 2],
      data: Float64Array.from(normals(8, 2 * n))
    })
    mean.forEach((v, k) => {
      const squares = frequencies.data[k]! ** 2 + frequencies.data[4 + k]! ** 2
      // a mean of n terms of variance at most 1: five standard errors
      expect(Math.abs(v - Math.SQRT2 * Math.exp(-squares / 2) * Math.cos(phases.data[k]!))).toBeLessThan(5 / Math.sqrt(n))
    })
  })

  test("frequencies are of the scale that is asked for, and phases of a whole period", () => {
    const many = fourierFeatures({ inputs: 1, outputs: 4000, scale: 2 }).init(keyOf(1)) as typeof params
    const sd = Math.sqrt(Array.from(many.frequencies.data).reduce((sum, w) => sum + w * w, 0) / 4000)
    expect(Math.abs(sd - 2)).toBeLessThan(5 * (2 / Math.sqrt(8000)))
    expect(Math.min(...many.phases.data)).toBeGreaterThan(0)
    expect(Math.max(...many.phases.data)).toBeLessThan(2 * Math.PI)
    expect(Math.max(...many.phases.data)).toBeGreaterThan(6.2)
  })

  test("a number of features that cannot be is refused", () =>
    expect(() => fourierFeatures({ inputs: 2, outputs: 0 })).toThrow("fourierFeatures.outputs"))
})
