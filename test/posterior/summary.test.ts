import { describe, expect, it } from "vitest"
import { normalise } from "../../src/inference/importance.ts"
import { normals } from "../../src/random/draws.ts"
import { keyOf } from "../../src/random/key.ts"
import { indexName, summary } from "../../src/posterior/summary.ts"

const cubes = Float64Array.from({ length: 37 }, (_, i) => ((i * 0.6180339887498949) % 1) ** 3)

describe("summary", () => {
  it("agrees with numpy (quantile's method hazen)", () => {
    const [row] = summary({ x: { shape: [37], data: cubes } })
    expect(row!.mean).toBeCloseTo(0.22948672018974128, 14)
    expect(row!.sd).toBeCloseTo(0.2737663627903935, 14)
    expect([row!.q05, row!.q50, row!.q95].map((q, i) => q - [1.5779672244479646e-5, 0.10524493997139886, 0.8224765363022267][i]!)).toEqual(
      [0, 0, 0].map(() => expect.closeTo(0, 14))
    )
  })

  it("has a row a scalar, named by index from 0, row-major, with the draw as leading axis", () => {
    const data = Float32Array.from({ length: 2 * 6 }, (_, i) => i)
    const rows = summary({
      mu: { shape: [2], data: Int32Array.of(3, 5) },
      Omega: { shape: [2, 2, 3], data },
      none: { shape: [2, 0], data: new Float32Array() }
    })
    expect(rows.map(({ name }) => name)).toEqual(["mu", "Omega[0,0]", "Omega[0,1]", "Omega[0,2]", "Omega[1,0]", "Omega[1,1]", "Omega[1,2]"])
    expect(rows.map(({ mean }) => mean)).toEqual([4, 3, 4, 5, 6, 7, 8])
    expect(rows[0]).toEqual({ name: "mu", mean: 4, sd: Math.SQRT2, q05: 3, q50: 4, q95: 5 })
    expect(indexName([3, 4, 5], 59)).toBe("[2,3,4]")
  })

  it("weighs a draw as so many copies of it", () => {
    const copies = [1, 4, 0, 2, 3]
    const values = [0.5, -1, 100, 7, 2]
    const [weighted] = summary({ x: { shape: [5], data: Float64Array.from(values) } }, { logWeights: Float64Array.from(copies, Math.log) })
    const repeated = values.flatMap((v, i) => Array.from({ length: copies[i]! }, () => v))
    const [plain] = summary({ x: { shape: [10], data: Float64Array.from(repeated) } })
    expect(weighted!.mean).toBeCloseTo(plain!.mean, 12)
    expect(weighted!.sd ** 2 * (1 - 0.3)).toBeCloseTo(plain!.sd ** 2 * 0.9, 12)
    expect(weighted!.q95).toBeLessThanOrEqual(7)
    expect(weighted!.q05).toBe(-1)
  })

  it("turns weighted draws into those of the target", () => {
    const n = 40000
    const z = normals(keyOf(3), n).map((x) => 1.5 * x)
    // from N(0, 1.5) to N(1, 1)
    const logWeights = normalise(z.map((x) => -0.5 * (x - 1) ** 2 + 0.5 * (x / 1.5) ** 2))
    const [row] = summary({ x: { shape: [n], data: z } }, { logWeights })
    const expected = { mean: 1, sd: 1, q05: 1 - 1.6448536, q50: 1, q95: 1 + 1.6448536 }
    for (const [key, value] of Object.entries(expected))
      expect(Math.abs(row![key as keyof typeof expected] - value), key).toBeLessThan(0.03)
  })

  it("is exact when all the weight is on one draw", () => {
    const [row] = summary({ x: { shape: [3], data: Float64Array.of(1, 2, 3) } }, { logWeights: Float64Array.of(-Infinity, 0, -Infinity) })
    expect(row).toEqual({ name: "x", mean: 2, sd: 0, q05: 2, q50: 2, q95: 2 })
  })

  it("names the draw that is not finite, and what does not fit", () => {
    const data = Float64Array.of(0, 1, 2, NaN)
    expect(() => summary({ theta: { shape: [2, 2], data } })).toThrow("draws of theta[1]: expected finite numbers, got NaN at draw 1")
    expect(() => summary({ theta: { shape: [1], data } })).toThrow("draws of theta: expected two draws or more")
    expect(() => summary({ theta: { shape: [2], data } }, { logWeights: new Float64Array(3) })).toThrow(
      "summary.logWeights: expected 2 of them, one a draw of theta, got 3"
    )
  })
})
