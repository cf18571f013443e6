/** Events made of vectors along the last axis. */
import type { Shape } from "../graph/types.ts"

/** What `reason` objects to in the first row that it objects to. */
export const firstRow = (
  values: ArrayLike<number>,
  shape: Shape,
  reason: (row: ReadonlyArray<number>) => string | undefined
): string | undefined => {
  const length = shape.at(-1) ?? 1
  for (let start = 0; start < values.length; start += length) {
    const objection = reason(Array.from({ length }, (_, j) => values[start + j]!))
    if (objection !== undefined) return shape.length > 1 ? `row ${start / length} ${objection}` : objection
  }
  return undefined
}

/** Room for the rounding of `n` float32 terms that add up to 1. */
export const roundingOf = (n: number): number => 1e-6 + 1e-7 * n
