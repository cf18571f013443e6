/** The p-quantile of sorted numbers, linear between them. */
export const quantile = (sorted: Float64Array, p: number): number => {
  const position = p * (sorted.length - 1)
  const below = Math.floor(position)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below]! + (position - below) * (sorted[above]! - sorted[below]!)
}
