/** Which dimension of a nest runs over vectors. */
import { mathFunctions } from "../math/table.ts"
import type { Nest } from "./nest.ts"
import { bytesOf, widthOf } from "./nest.ts"

/** What an operation takes, in cheap instructions. */
export const costOf = (op: string): number =>
  op in mathFunctions ? 20 : op === "div" || op === "sqrt" || op === "rsqrt" || op === "reciprocal" ? 4 : 1

/**
 * The dimension with the least estimated work: a vector whose lanes are gathered is a load for each, but a dimension that is not a multiple of the
 * width leaves lanes idle. Undefined where there is no dimension.
 */
export const vectorDimension = (nest: Omit<Nest, "vector">): number | undefined => {
  const { dimensions, loads, members, stores, reductions, lanes } = nest
  if (dimensions.length === 0) return undefined
  const width = widthOf[lanes]
  const operations = members.reduce((n, m) => n + costOf(m.op), 0) + reductions.length
  const elements = dimensions.reduce((n, d) => n * d.size, 1)
  const cost = (d: number): number => {
    const { size, reduced } = dimensions[d]!
    const bodies = (elements / size) * Math.ceil(size / width)
    const moved = [...loads, ...stores].reduce(
      (n, a) => n + (a.strides[d] === 0 ? 0.3 : a.strides[d] === bytesOf(a.dtype) ? 1 : 2 * width),
      0
    )
    const kept = dimensions.reduce((n, x) => (x.reduced ? n : n * x.size), 1)
    const ends = reductions.length * (reduced ? kept * 2 * width : 0)
    return bodies * (operations + moved) + ends
  }
  const last = dimensions.length - 1
  return dimensions.reduce((best, _, d) => (cost(d) < 0.9 * cost(best) ? d : best), last)
}
