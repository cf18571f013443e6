/** The plane through points in which they vary most. */
import type { NDArray } from "pushforward"

const iterations = 200

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => Array.from(a).reduce((sum, x, i) => sum + x * b[i]!, 0)

/** The eigenvector of the greatest eigenvalue of a symmetric matrix, orthogonal to `others`: by powers. */
const leading = (matrix: ReadonlyArray<ReadonlyArray<number>>, others: ReadonlyArray<ReadonlyArray<number>>): ReadonlyArray<number> => {
  let v: ReadonlyArray<number> = matrix.map((_, i) => 1 + i)
  for (let k = 0; k < iterations; k++) {
    const image = matrix.map((row) => dot(row, v))
    const free = others.reduce<ReadonlyArray<number>>((u, o) => u.map((x, i) => x - dot(u, o) * o[i]!), image)
    const length = Math.hypot(...free)
    v = free.map((x) => x / length)
  }
  return v
}

export interface Plane {
  /** A point in the plane's coordinates. */
  readonly project: (point: ArrayLike<number>) => readonly [number, number]
}

/** The plane of the first two principal components of points [n, d], its origin at their mean. */
export const principalPlane = ({ shape: [n = 0, d = 0], data }: NDArray): Plane => {
  const mean = Array.from({ length: d }, (_, j) => {
    let sum = 0
    for (let i = 0; i < n; i++) sum += data[i * d + j]!
    return sum / n
  })
  const covariance = mean.map((a, j) =>
    mean.map((b, k) => {
      let sum = 0
      for (let i = 0; i < n; i++) sum += (data[i * d + j]! - a) * (data[i * d + k]! - b)
      return sum / n
    })
  )
  const first = leading(covariance, [])
  const second = leading(covariance, [first])
  return {
    project: (point) => {
      const centred = mean.map((m, j) => point[j]! - m)
      return [dot(centred, first), dot(centred, second)]
    }
  }
}
