import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { bitmap, letters, logDensities } from "../../models/gallery/targets/index.ts"
import { font } from "../../models/gallery/targets/font.ts"
import { byTensor, drawn, entropyError, pValue, rowsOf } from "./targetsSupport.ts"

const side = 2 / 7
const capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/** How many points fall into each pixel of the picture of a text. */
const rasterised = (text: string, points: ReadonlyArray<ReadonlyArray<number>>): ReadonlyArray<ReadonlyArray<number>> => {
  const rows = bitmap(text).map((row) => Array.from(row, () => 0))
  for (const [x, y] of points) rows[Math.floor((1 - y!) / side)]![Math.floor(x! / side + rows[0]!.length / 2)]! += 1
  return rows
}

const shown = (counts: ReadonlyArray<ReadonlyArray<number>>): ReadonlyArray<string> =>
  counts.map((row) => row.map((count) => (count > 0 ? "█" : " ")).join(""))

describe("letters", () => {
  it("spell the word", async () => {
    const { x } = await drawn(letters("FLOW"), 3000, 1)
    expect(shown(rasterised("FLOW", rowsOf(x))).map((row) => row.trimEnd())).toEqual([
      "█████ █      ███  █   █",
      "█     █     █   █ █   █",
      "█     █     █   █ █   █",
      "████  █     █   █ █ █ █",
      "█     █     █   █ █ █ █",
      "█     █     █   █ ██ ██",
      "█     █████  ███  █   █"
    ])
  })

  it("spell any word, every pixel as often", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: fc.constantFrom(...capitals, " "), minLength: 1, maxLength: 8 }), async (text) => {
        fc.pre(text.trim() !== "")
        const { x } = await drawn(letters(text), 4000, 2)
        const counts = rasterised(text, rowsOf(x))
        expect(shown(counts)).toEqual(bitmap(text))
        const set = counts.flat().filter((count) => count > 0)
        expect(
          pValue(
            set,
            set.map(() => 4000 / set.length)
          )
        ).toBeGreaterThan(1e-4)
      }),
      { seed: 1, numRuns: 5 }
    )
  })

  it("have the density one over their area, none beside them, as a tensor too", async () => {
    const target = letters("AT")
    const { x } = await drawn(target, 500, 3)
    expect(new Set(logDensities(target, x))).toEqual(new Set([-target.entropy]))
    expect(entropyError(target, { shape: [1, 2], data: x.data.slice(0, 2) })).toBeNaN()
    const grid = {
      shape: [40 * 40, 2],
      data: Float64Array.from({ length: 3200 }, (_, k) => -2 + (k % 2 === 0 ? (k >> 1) % 40 : Math.floor(k / 80)) * 0.1037)
    }
    const there = logDensities(target, grid)
    expect(Array.from(byTensor(target.logProb, grid))).toEqual(Array.from(there))
    expect(there).toContain(-Infinity)
  })

  it("have densities that integrate to one", () => {
    const target = letters("PQ")
    const step = side / 10
    let mass = 0
    for (let i = -70; i < 70; i++)
      for (let j = -70; j < 70; j++) mass += step * step * Math.exp(target.logDensity([(i + 0.5) * step, (j + 0.5) * step]))
    expect(mass).toBeCloseTo(1, 10)
  })

  it("are all drawn on seven rows, no two alike", () => {
    expect(Object.keys(font).sort().join("")).toBe(` ${capitals}`)
    for (const glyph of Object.values(font)) {
      expect(glyph).toHaveLength(7)
      expect(new Set(glyph.map((row) => row.length)).size).toBe(1)
    }
    expect(new Set(Object.values(font).map((glyph) => glyph.join("\n"))).size).toBe(27)
  })

  it("are refused where there are none", () => {
    expect(() => letters("flow")).toThrow(/letters\.text.*"f"/s)
    expect(() => letters("  ")).toThrow(/at least one letter/)
    expect(() => letters("")).toThrow(/at least one letter/)
  })
})
