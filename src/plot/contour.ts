/** Contours by marching squares. */
import type { Surface } from "./plane.ts"

export type Point = readonly [x: number, y: number]

/** A closed line, the first point again at its end. What is above the level lies to its left. */
export type Ring = ReadonlyArray<Point>

/** An edge of the grid by its number: those to the right of a place and those above it. */
interface Crossing {
  readonly edge: number
  readonly point: Point
}

/** The grid with a rim of the height 0 about it, at the places of its margin, so that each contour closes. */
const rimmed = ({ x, y, height }: Surface): Surface => {
  const wide = x.length + 2
  const all = new Float64Array(wide * (y.length + 2))
  for (let j = 0; j < y.length; j++) all.set(height.subarray(j * x.length, (j + 1) * x.length), (j + 1) * wide + 1)
  return { x: [x[0]!, ...x, x.at(-1)!], y: [y[0]!, ...y, y.at(-1)!], height: all }
}

/** The closed lines around what is higher than `level`, which is to be above 0. */
export const contours = (surface: Surface, level: number): ReadonlyArray<Ring> => {
  const { x, y, height } = rimmed(surface)
  const wide = x.length
  const crossing = (edge: number): Crossing => {
    const at = edge >> 1
    const [i, j] = [at % wide, Math.floor(at / wide)]
    const [k, l] = edge % 2 === 0 ? [i + 1, j] : [i, j + 1]
    const share = (level - height[at]!) / (height[l * wide + k]! - height[at]!)
    return { edge, point: [x[i]! + share * (x[k]! - x[i]!), y[j]! + share * (y[l]! - y[j]!)] }
  }
  const next = new Map<number, number>()
  for (let j = 0; j + 1 < y.length; j++)
    for (let i = 0; i + 1 < wide; i++) {
      const at = j * wide + i
      const corners = [at, at + 1, at + wide + 1, at + wide]
      const above = corners.map((c) => height[c]! > level)
      // below, right, above, left of the cell
      const edges = [2 * at, 2 * (at + 1) + 1, 2 * (at + wide), 2 * at + 1]
      const centre = corners.reduce((sum, c) => sum + height[c]! / 4, 0) > level
      // going round the cell, a line enters where the height falls below the level and leaves where it rises above it
      const falls = [0, 1, 2, 3].filter((c) => above[c]! && !above[(c + 1) % 4]!)
      for (const fall of falls) {
        const turn = centre ? [1, 2, 3] : [3, 2, 1]
        const rise = turn.map((n) => (fall + n) % 4).find((c) => !above[c]! && above[(c + 1) % 4]!)!
        next.set(edges[fall]!, edges[rise]!)
      }
    }
  const rings: Array<Ring> = []
  for (const start of next.keys()) {
    const ring: Array<Point> = []
    for (let edge: number | undefined = start; edge !== undefined;) {
      ring.push(crossing(edge).point)
      const to: number | undefined = next.get(edge)
      next.delete(edge)
      edge = to
    }
    if (ring.length > 2) rings.push(ring)
  }
  return rings
}

/** Rings as one line, from the first to each of the others and back the same way: filled, it leaves holes open. */
export const joined = (rings: ReadonlyArray<Ring>): Ring => rings.flatMap((ring, i) => (i === 0 ? ring : [...ring, rings[0]![0]!]))
