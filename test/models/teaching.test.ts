import * as Effect from "effect/Effect"
import * as tf from "@tensorflow/tfjs-core"
import { describe, expect, it } from "vitest"
import { changesOfVariables, maps } from "../../models/gallery/maps/changeOfVariables.ts"
import { transformedDistributions } from "../../models/gallery/maps/transformedDistributions.ts"
import { transforms, transforms2d } from "../../models/gallery/maps/transforms2d.ts"
import { erfc } from "../../src/special/index.ts"
import { evaluate } from "../../src/trace/evaluate.ts"
import { gradient } from "../../src/trace/trace.ts"
import { pValue, rowsOf } from "./targetsSupport.ts"

const phi = (z: number): number => Math.exp(-z * z * 0.5) / Math.sqrt(2 * Math.PI)
const cdf = (z: number): number => erfc(-z / Math.SQRT2) / 2

/** The maps and their slopes, from the textbook formulas. */
const formulas: Readonly<Record<string, { readonly f: (z: number) => number; readonly slope: (z: number) => number }>> = {
  identity: { f: (z) => z, slope: () => 1 },
  "2.5 z + 1": { f: (z) => 2.5 * z + 1, slope: () => 2.5 },
  sigmoid: { f: (z) => 1 / (1 + Math.exp(-z)), slope: (z) => Math.exp(-z) / (1 + Math.exp(-z)) ** 2 },
  tanh: { f: Math.tanh, slope: (z) => Math.cosh(z) ** -2 },
  "leaky ReLU, 0.1": { f: (z) => (z < 0 ? 0.1 * z : z), slope: (z) => (z < 0 ? 0.1 : 1) },
  "softplus − log 2": { f: (z) => Math.log((1 + Math.exp(z)) / 2), slope: (z) => 1 / (1 + Math.exp(-z)) }
}

/** E f(z), by the middles of cells whose edges meet the kink at 0. */
const normalMean = (f: (z: number) => number): number =>
  Array.from({ length: 8000 }, (_, i) => -8 + (i + 0.5) / 500).reduce((sum, z) => sum + (phi(z) * f(z)) / 500, 0)

describe("the change of variables", async () => {
  const found = await Effect.runPromise(changesOfVariables({ seed: 1 }))

  it("has a formula for each map", () => expect(Object.keys(maps)).toEqual(Object.keys(formulas)))

  it.each(found)("$name: values, densities, draws and the mean log-derivative", ({ name, z, y, density, draws, meanLogDerivative }) => {
    const { f, slope } = formulas[name]!
    z.forEach((at, i) => {
      expect(Math.abs(y[i]! - f(at))).toBeLessThan(1e-7)
      expect(Math.abs(density[i]! / (phi(at) / slope(at)) - 1)).toBeLessThan(1e-6)
    })
    // equally likely bins of z, and so of y
    const edges = z.filter((_, i) => i % 10 === 0)
    const images = edges.map(f)
    const counts = Array.from({ length: edges.length + 1 }, () => 0)
    for (const draw of draws) counts[images.filter((edge) => edge < draw).length]! += 1
    const expected = counts.map((_, k) => draws.length * (cdf(edges[k] ?? Infinity) - cdf(edges[k - 1] ?? -Infinity)))
    expect(draws).toHaveLength(10_000)
    expect(pValue(counts, expected)).toBeGreaterThan(1e-3)
    const { value, error } = meanLogDerivative
    expect(Math.abs(value - normalMean((at) => Math.log(slope(at))))).toBeLessThan(5 * error + 1e-6)
  })
})

describe("transforms in the plane", async () => {
  const found = await Effect.runPromise(transforms2d({ seed: 2 }))

  it("are all of the same points", () => {
    expect(found.map(({ name }) => name)).toEqual(Object.keys(transforms))
    for (const { before, after } of found) {
      expect(before).toEqual(found[0]!.before)
      expect(after.shape).toEqual([4000, 2])
    }
  })

  it.each(found)("$name: the log-determinant is that of automatic differentiation", ({ name, before, after, logDet, meanLogDet }) => {
    const bijector = transforms[name]!()
    for (const row of [0, 1, 17, 1234, 3999]) {
      const x = { shape: [2], data: Float64Array.from(before.data.subarray(2 * row, 2 * row + 2)) }
      const [value, first, second] = evaluate(
        (point) => {
          const { value } = bijector.forward(point!)
          const [a, b] = tf.unstack(value)
          return [value, gradient(a!, [point!])[0]!, gradient(b!, [point!])[0]!]
        },
        [x]
      )
      const [a, b] = first!.data
      const [c, d] = second!.data
      expect(logDet.data[row]).toBeCloseTo(Math.log(Math.abs(a! * d! - b! * c!)), 11)
      expect(Array.from(after.data.subarray(2 * row, 2 * row + 2))).toEqual(Array.from(value!.data, (v) => expect.closeTo(v, 12)))
    }
    const mean = Array.from(logDet.data).reduce((sum, v) => sum + v, 0) / 4000
    expect(meanLogDet.value).toBeCloseTo(mean, 12)
  })

  it("turn, scale and shear as they are named", () => {
    const images = (name: string) => rowsOf(found.find((transform) => transform.name === name)!.after).slice(0, 50)
    const points = rowsOf(found[0]!.before).slice(0, 50)
    const c = Math.SQRT1_2
    points.forEach(([x, y], i) => {
      const expected = {
        "rotation by 45°": [c * x! - c * y!, c * x! + c * y!],
        "anisotropic scaling": [1.6 * x!, 0.5 * y!],
        shear: [x! + 0.8 * y!, y!]
      }
      for (const [name, image] of Object.entries(expected)) expect(images(name)[i]!).toEqual(image.map((value) => expect.closeTo(value, 6)))
    })
  })
})

it("the log-normal distribution is the exponential of an affine map of a normal one", async () => {
  const { places, density, closed, draws } = await Effect.runPromise(transformedDistributions({ seed: 3 }))
  places.forEach((y, i) => {
    const z = (Math.log(y) - 0.4) / 0.6
    expect(density[i]).toBeCloseTo(phi(z) / (0.6 * y), 12)
    expect(closed[i]).toBeCloseTo(density[i]!, 12)
  })
  const edges = Array.from({ length: 19 }, (_, k) => 0.2 * (k + 1))
  const counts = Array.from({ length: 20 }, () => 0)
  for (const draw of draws) counts[edges.filter((edge) => edge < draw).length]! += 1
  const share = (y: number | undefined, beyond: number): number => (y === undefined ? beyond : cdf((Math.log(y) - 0.4) / 0.6))
  const expected = counts.map((_, k) => draws.length * (share(edges[k], 1) - share(edges[k - 1], 0)))
  expect(pValue(counts, expected)).toBeGreaterThan(1e-3)
})
