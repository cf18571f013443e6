import { range } from "../graph/shape.ts"
import { locationsOf } from "./quadrature.ts"

/** Draws farther from the median than this many half interquartile ranges have no part in the covariance: it may not exist. */
const CENTRAL = 6

/** Rows, centred and made uncorrelated; `logScale` is log |det| of the way back. */
export const whitened = (
  rows: ReadonlyArray<ArrayLike<number>>
): { readonly white: ReadonlyArray<ReadonlyArray<number>>; readonly logScale: number } => {
  const locations = locationsOf(rows)
  const scaled = rows.map((row) => locations.map(({ centre, scale }, j) => (row[j]! - centre) / scale))
  const central = scaled.filter((row) => row.every((u) => Math.abs(u) <= CENTRAL))
  const covariance = (i: number, j: number): number => central.reduce((sum, row) => sum + row[i]! * row[j]!, 0) / central.length
  const L: Array<Array<number>> = []
  for (const i of range(locations.length)) {
    L.push([])
    for (const j of range(i + 1)) {
      const rest = covariance(i, j) - range(j).reduce((sum, k) => sum + L[i]![k]! * L[j]![k]!, 0)
      L[i]!.push(i === j ? Math.sqrt(rest) : rest / L[j]![j]!)
    }
  }
  const solve = (row: ReadonlyArray<number>): ReadonlyArray<number> => {
    const white: Array<number> = []
    for (const i of range(row.length)) white.push((row[i]! - white.reduce((sum, w, k) => sum + L[i]![k]! * w, 0)) / L[i]![i]!)
    return white
  }
  return {
    white: scaled.map(solve),
    logScale: locations.reduce((sum, { scale }, i) => sum + Math.log(scale) + Math.log(L[i]![i]!), 0)
  }
}
