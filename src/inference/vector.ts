/** A few operations on plain vectors, for the host's own algorithms. */
export type Vector = Float64Array

export const dot = (a: Vector, b: Vector): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

/** a + t b. */
export const along = (a: Vector, t: number, b: Vector): Vector => a.map((c, i) => c + t * b[i]!)

export const minus = (a: Vector, b: Vector): Vector => a.map((c, i) => c - b[i]!)

/** The largest absolute value. */
export const largest = (a: Vector): number => a.reduce((m, c) => Math.max(m, Math.abs(c)), 0)
