/** Sums and products with what rounding takes from them. */

/** A number of twice the precision: the unevaluated sum of its parts. */
export interface Pair {
  readonly high: number
  readonly low: number
}

/** a + b for |a| ≥ |b|, or a = 0 (Dekker 1971). */
export const fastSum = (a: number, b: number): Pair => {
  const high = a + b
  return { high, low: b - (high - a) }
}

/** The upper 26 bits of a number, for |a| < 2⁹⁹⁶ (Veltkamp 1968). */
const upperHalf = (a: number): number => {
  const c = 134217729 * a
  return c - (c - a)
}

/** ab, where neither it nor a nor b comes near the ends of the range (Dekker 1971). */
export const twoProduct = (a: number, b: number): Pair => {
  const high = a * b
  const a1 = upperHalf(a)
  const b1 = upperHalf(b)
  const a2 = a - a1
  const b2 = b - b1
  return { high, low: a2 * b2 - (high - a1 * b1 - a2 * b1 - a1 * b2) }
}
