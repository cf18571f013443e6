/** The autoencoders of the gallery: their digits, and their evidence against quadrature. */
import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { wasm } from "../../src/engine/wasm/wasm.ts"
import { evidenceByRow, fit, type NDArray, reverseKL, type TypedArray } from "../../src/index.ts"
import { logMeanExp } from "../../src/inference/importance.ts"
import { digits, pixels } from "../../models/gallery/vae/digits.ts"
import { posteriors, priors } from "../../models/gallery/vae/families.ts"
import { digitGuide, digitModel } from "../../models/gallery/vae/model.ts"
import { principalPlane } from "../../models/gallery/vae/plane.ts"
import { normals } from "../support/numbers.ts"

const run = Effect.runPromise

const sumOf = (data: TypedArray): number => {
  let sum = 0
  for (const x of data) sum += x
  return sum
}

test("8,000 digits and 2,000, each pixel 0 or 1, all classes in both", async () => {
  const { training, heldOut } = await run(digits)
  for (const [{ images, classes }, count] of [
    [training, 8000],
    [heldOut, 2000]
  ] as const) {
    expect(images.shape).toEqual([count, pixels])
    expect(images.data.every((pixel) => pixel === 0 || pixel === 1)).toBe(true)
    const share = sumOf(images.data) / images.data.length
    expect(share).toBeGreaterThan(0.1)
    expect(share).toBeLessThan(0.16)
    for (let digit = 0; digit < 10; digit++) expect(classes.filter((c) => c === digit).length / count).toBeCloseTo(0.1, 1)
  }
  // ones are thin and noughts round
  const inked = (digit: number): number =>
    sumOf(training.images.data.map((pixel, k) => (training.classes[Math.floor(k / pixels)] === digit ? pixel : 0)))
  expect(inked(1)).toBeLessThan(0.6 * inked(0))
})

/** Images of 12 pixels, of a latent number or vector. */
const tiny = (latent: number, context: number) => ({ latent, context, pixels: 12, hidden: [], batch: 4 })
const images: NDArray = { shape: [6, 12], data: Float64Array.from(normals(4, 72), (z) => Number(z > 0)) }

describe("the importance-weighted evidence is that of quadrature", () => {
  const sizes = tiny(2, 3)
  for (const [name, flow] of Object.entries(posteriors(sizes)))
    test(`by the ${name} posterior`, async () => {
      const [m, g] = [digitModel(sizes, priors(sizes).normal), digitGuide(sizes, flow)]
      const { params } = await run(
        fit(m(images), g(images), { steps: 800, draws: 4, learningRate: 0.02, objective: reverseKL({ gradient: "plain" }) })
      )
      const { elbo, logEvidence } = await run(
        evidenceByRow(m(images), g(images), { params, draws: 4000, engine: wasm({ precision: "float64" }) })
      )
      const decoder = params.model["decoder"] as { readonly [name: string]: NDArray }
      const [weight, bias] = [decoder["weight 1"]!.data, decoder["bias 1"]!.data]
      const step = 0.1
      const grid = Array.from({ length: 161 }, (_, k) => (k - 80) * step)
      for (let i = 0; i < 6; i++) {
        const terms = grid.flatMap((a) =>
          grid.map((b) => {
            let sum = 2 * Math.log(step) - Math.log(2 * Math.PI) - (a * a + b * b) / 2
            for (let k = 0; k < 12; k++) {
              const logit = a * weight[k]! + b * weight[12 + k]! + bias[k]!
              sum -= Math.log1p(Math.exp(images.data[i * 12 + k]! > 0.5 ? -logit : logit))
            }
            return sum
          })
        )
        const exact = logMeanExp(Float64Array.from(terms)).value + Math.log(terms.length)
        expect(elbo[i]).toBeLessThan(exact)
        expect(Math.abs(logEvidence[i]! - exact)).toBeLessThan(0.05)
      }
    })
})

test("the principal plane is that in which points vary most", () => {
  const z = Array.from(normals(8, 3000))
  // coordinates of sd 5 along (0, 0.6, 0.8), 2 along (1, 0, 0), 0.1 along the third, about (7, 8, 9)
  const points = Float64Array.from(z, (_, k) => {
    const [a, b, c] = z.slice(3 * Math.floor(k / 3)) as unknown as [number, number, number]
    return [7 + 2 * b, 8 + 3 * a - 0.08 * c, 9 + 4 * a + 0.06 * c][k % 3]!
  })
  const { project } = principalPlane({ shape: [1000, 3], data: points })
  const mean = [0, 1, 2].map((j) => points.reduce((sum, x, k) => (k % 3 === j ? sum + x : sum), 0) / 1000)
  const along = (x: number, y: number, z: number) => project([mean[0]! + x, mean[1]! + y, mean[2]! + z]).map(Math.abs)
  const [u, v] = [along(0, 0.6, 0.8), along(1, 0, 0)]
  expect(u[0]).toBeCloseTo(1, 2)
  expect(u[1]).toBeCloseTo(0, 1)
  expect(v[1]).toBeCloseTo(1, 2)
  expect(v[0]).toBeCloseTo(0, 1)
})
