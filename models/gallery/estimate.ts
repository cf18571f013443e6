/** A mean over draws, with its standard error. */
export interface Estimate {
  readonly value: number
  readonly error: number
}

export const estimateOf = (values: ArrayLike<number>): Estimate => {
  const all = Array.from(values)
  const value = all.reduce((sum, x) => sum + x, 0) / all.length
  return { value, error: Math.sqrt(all.reduce((sum, x) => sum + (x - value) ** 2, 0)) / all.length }
}
