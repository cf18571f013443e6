/** The points of the base that are followed through a flow: draws of a standard normal, and in the plane the lines of a polar grid. */
import { normals } from "../../src/random/draws.ts"
import { fold, keyOf } from "../../src/random/key.ts"

const draws = 1200
const radii = [0.5, 1, 1.5, 2, 2.5]
const around = 120
const rays = 8
const along = 40

const polar = (r: number, angle: number): readonly [number, number] => [r * Math.cos(angle), r * Math.sin(angle)]

/** Circles, and rays from the centre to the largest of them. */
const grid: ReadonlyArray<ReadonlyArray<readonly [number, number]>> = [
  ...radii.map((r) => Array.from({ length: around + 1 }, (_, i) => polar(r, (2 * Math.PI * i) / around))),
  ...Array.from({ length: rays }, (_, ray) =>
    Array.from({ length: along + 1 }, (_, i) => polar((radii.at(-1)! * i) / along, (2 * Math.PI * ray) / rays))
  )
]

export interface BasePoints {
  readonly points: Float64Array
  readonly dimension: number
  readonly draws: number
  readonly lines: ReadonlyArray<number>
}

/** The same whatever the seed of a fit, so that fits can be compared point by point. */
export const basePoints = (dimension: number): BasePoints => {
  const drawn = normals(fold(keyOf(0), "site"), draws * dimension)
  const lines = dimension === 2 ? grid : []
  return {
    points: Float64Array.from([...drawn, ...lines.flat(2)]),
    dimension,
    draws,
    lines: lines.map((line) => line.length)
  }
}
