/** The dimension of the vectors. */
import type { Nest } from "../../plan/nest.ts"
import { widthOf } from "../../plan/nest.ts"
import type { Offsets } from "./walk.ts"

/** Vectors that are worked on side by side: while one waits for its last result, others go on. */
const sideBySide = 4

/** Runs a body at `steps` places, `by` elements apart, on so many columns, of whose last so many lanes count. */
type Run = (steps: number, by: number, columns: number, offsets: Offsets, count: number) => Offsets

const breadthOf = ({ vector, dimensions, lanes }: Nest): number =>
  vector === undefined ? 1 : Math.max(1, Math.min(sideBySide, Math.floor(dimensions[vector]!.size / widthOf[lanes])))

export const vectors = {
  breadthOf,
  /** Several vectors at a time, then one, then what is left. */
  run: (nest: Nest, offsets: Offsets, run: Run): void => {
    const width = widthOf[nest.lanes]
    const { size } = nest.dimensions[nest.vector!]!
    const full = Math.floor(size / width)
    const breadth = breadthOf(nest)
    const rows = Math.floor(full / breadth)
    const afterRows = run(rows, breadth * width, breadth, offsets, width)
    const afterSingles = breadth > 1 ? run(full - rows * breadth, width, 1, afterRows, width) : afterRows
    if (size % width > 0) run(1, width, 1, afterSingles, size % width)
  }
}
