import { sizeOf } from "../graph/shape.ts"
import type { NDArray, Shape } from "../graph/types.ts"

/** An array of zeros to start from. */
export const zeros = (shape: Shape): NDArray => ({ shape, data: new Float64Array(sizeOf(shape)) })
