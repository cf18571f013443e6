import { describe, expect, it } from "vitest"
import { contours, joined, type Ring } from "../../src/plot/contour.ts"
import { levelOf, plane } from "../../src/plot/plane.ts"
import { normals, uniforms } from "./marks.ts"

const places = (from: number, to: number, count: number) => Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1))
const surface = (x: ReadonlyArray<number>, y: ReadonlyArray<number>, f: (x: number, y: number) => number) => ({
  x,
  y,
  height: Float64Array.from(y.flatMap((v) => x.map((u) => f(u, v))))
})
/** Signed: positive where the ring goes round to the left. */
const area = (ring: Ring) => ring.slice(1).reduce((sum, [x, y], i) => sum + (ring[i]![0] * y - x * ring[i]![1]) / 2, 0)
/** How often rings go round a point. */
const winding = (rings: ReadonlyArray<Ring>, px: number, py: number) =>
  rings
    .flatMap((ring) => ring.slice(1).map(([x, y], i) => [ring[i]!, [x, y] as const] as const))
    .reduce((n, [[x0, y0], [x1, y1]]) => {
      const left = (x1 - x0) * (py - y0) - (px - x0) * (y1 - y0)
      return n + (y0 <= py && y1 > py && left > 0 ? 1 : 0) - (y0 > py && y1 <= py && left < 0 ? 1 : 0)
    }, 0)

describe("contours", () => {
  it("of a ring are its two circles, round what is above to the left", () => {
    const rings = contours(
      surface(places(-2, 2, 120), places(-2, 2, 90), (x, y) => Math.exp(-8 * (Math.hypot(x, y) - 1) ** 2)),
      0.5
    )
    const half = Math.sqrt(Math.LN2 / 8)
    const [outer, inner] = rings.map(area).sort((a, b) => b - a)
    expect(rings).toHaveLength(2)
    expect(outer! / (Math.PI * (1 + half) ** 2)).toBeCloseTo(1, 3)
    expect(inner! / (-Math.PI * (1 - half) ** 2)).toBeCloseTo(1, 2)
    expect(area(joined(rings))).toBeCloseTo(outer! + inner!, 10)
  })

  it("close along the margin of the grid, and tell what is above from what is below at each place", () => {
    const uniform = uniforms(4)
    const x = places(0, 1, 12)
    const noise = surface(x, x, () => uniform())
    const rings = contours(noise, 0.6)
    for (const ring of rings) expect(ring.at(-1)).toEqual(ring[0])
    for (const [j, v] of x.slice(1, -1).entries())
      for (const [i, u] of x.slice(1, -1).entries()) expect(winding(rings, u, v)).toBe(noise.height[(j + 1) * 12 + i + 1]! > 0.6 ? 1 : 0)
  })
})

describe("the plane's density", () => {
  const normal = normals(3)
  const n = 4000
  const x = Float64Array.from({ length: n }, () => normal())
  const y = x.map((v) => 3 + 0.8 * v + 0.6 * normal())

  it("is close to that of the draws, and adds up to 1", () => {
    const found = plane(x, y)
    const cell = (found.x[1]! - found.x[0]!) * (found.y[1]! - found.y[0]!)
    expect(found.height.reduce((sum, h) => sum + h * cell, 0)).toBeCloseTo(1, 2)
    const truth = (u: number, v: number) => Math.exp(-(u * u - 1.6 * u * (v - 3) + (v - 3) ** 2) / 0.72) / (2 * Math.PI * 0.6)
    const worst = found.y.flatMap((v, j) => found.x.map((u, i) => Math.abs(found.height[j * found.x.length + i]! - truth(u, v))))
    expect(Math.max(...worst)).toBeLessThan(0.06)
  })

  it("is not halved where the draws end", () => {
    const draw = uniforms(9)
    const u = Float64Array.from({ length: n }, () => -Math.log(draw()))
    const found = plane(u, y, { across: { lower: 0 } })
    const column = (i: number) =>
      found.height.reduce((sum, h, at) => sum + (at % found.x.length === i ? h : 0) * (found.y[1]! - found.y[0]!), 0)
    expect(found.x[0]).toBe(0)
    expect(column(0)).toBeGreaterThan(0.8)
  })

  it.each([0.1, 0.5, 0.9, 0.99])("has contours that enclose the share %d of the draws", (mass) => {
    const found = plane(x, y)
    const rings = contours(found, levelOf(found, x, y, mass))
    const inside = x.reduce((sum, u, i) => sum + Number(winding(rings, u, y[i]!) > 0), 0)
    expect(inside / n).toBeGreaterThan(mass - 0.01)
    expect(inside / n).toBeLessThan(mass + 0.01)
  })
})
