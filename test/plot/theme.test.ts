import { describe, expect, it } from "vitest"
import { textWidth, wrap } from "../../src/plot/measure.ts"
import { densities, legible, oklab, type RGB, rgbOf } from "../../src/plot/ramp.ts"
import { palette } from "../../src/plot/theme.ts"
import { spread } from "../../src/plot/view.ts"

/** What is seen with each form of full colour blindness (Machado, Oliveira & Fernandes 2009, severity 1). */
const sights = {
  all: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039]
}
const linear = (c: number) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
const gamma = (c: number) => (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055)
const seen = (sight: ReadonlyArray<number>, rgb: RGB) => {
  const light = rgb.map((c) => linear(c / 255))
  return [0, 1, 2].map(
    (i) =>
      255 *
      gamma(
        Math.min(
          1,
          Math.max(
            0,
            light.reduce((sum, c, j) => sum + c * sight[3 * i + j]!, 0)
          )
        )
      )
  ) as unknown as RGB
}
const apart = (a: RGB, b: RGB) => Math.hypot(...oklab(a).map((v, i) => v - oklab(b)[i]!))
const luminance = (hex: string) => rgbOf(hex).reduce((sum, c, i) => sum + [0.2126, 0.7152, 0.0722][i]! * linear(c / 255), 0)

describe("the palette", () => {
  it.each(Object.entries(sights))("has colours that differ with %s", (_, sight) => {
    const colours = palette.map((hex) => seen(sight, rgbOf(hex)))
    const least = Math.min(...colours.flatMap((a, i) => colours.slice(i + 1).map((b) => apart(a, b))))
    expect(least).toBeGreaterThan(0.1)
  })

  it("is read as text on white", () => {
    for (const hex of palette) expect(1.05 / (luminance(legible(hex)) + 0.05)).toBeGreaterThan(3.5)
  })
})

describe("the colours of densities", () => {
  it("darken evenly from white", () => {
    expect(densities[0]).toEqual([255, 255, 255])
    const steps = densities.slice(1).map((rgb, i) => oklab(densities[i]!)[0] - oklab(rgb)[0])
    const mean = steps.reduce((a, b) => a + b, 0) / steps.length
    for (const step of steps) expect(Math.abs(step - mean)).toBeLessThan(0.003)
  })
})

describe("text", () => {
  it("is as wide as Liberation Sans makes it", () => {
    // Pillow 13's getlength at 1000 pixels
    expect(textWidth("Eight schools, k", 1000)).toBeCloseTo(7003, -1)
    expect(textWidth("Eight schools, k", 1000, true) / 7668).toBeCloseTo(1, 1)
    expect(Math.abs(textWidth("μ, τ, θ", 1000) / 2639 - 1)).toBeLessThan(0.1)
  })

  it("wraps at words and keeps ± with its numbers", () => {
    expect(wrap("one two three", textWidth("one two", 13), 13)).toEqual(["one two", "three"])
    expect(wrap("mean 3 ± 1", textWidth("mean 3 ±", 13), 13)).toEqual(["mean", "3\u00a0±\u00a01"])
    expect(wrap("", 10, 13)).toEqual([])
  })
})

describe("labels", () => {
  it("keep their order, apart and within the height, and stay where there is room", () => {
    expect(spread([10, 100, 200], 16, 300)).toEqual([10, 100, 200])
    expect(spread([100, 101, 102], 16, 300)).toEqual([85, 101, 117])
    expect(spread([299, 298], 16, 300)).toEqual([300, 284])
    const places = spread([5, 3, 4, 60, 61, 250], 16, 300)
    const sorted = [1, 2, 0, 3, 4, 5].map((i) => places[i]!)
    for (const [i, place] of sorted.slice(1).entries()) expect(place - sorted[i]!).toBeGreaterThanOrEqual(16 - 1e-9)
    expect(Math.min(...places)).toBeGreaterThanOrEqual(0)
  })
})
