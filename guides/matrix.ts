import type { NDArray } from "../src/graph/types.ts"

/** A row-major d × d matrix as an array with a shape. */
export const matrixOf = (data: Float64Array, d: number): NDArray => ({ shape: [d, d], data })
