/** Statistics of draws. */
/** How far a statistic may be off: a law that holds fails at 6e−7 of them. */
export const STANDARD_ERRORS = 5

export const mean = (xs: ArrayLike<number>): number => Array.from(xs).reduce((a, b) => a + b, 0) / xs.length
export const standardError = (xs: ArrayLike<number>): number => {
  const m = mean(xs)
  return Math.sqrt(mean(Array.from(xs, (x) => (x - m) ** 2)) / xs.length)
}

/** A weight for each coordinate, so that no symmetry hides what happens to one of them. */
export const weightOf = (i: number): number => Math.cos(2 * i)
