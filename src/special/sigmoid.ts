/** 1/(1 + e⁻ˣ), of full relative precision in both tails. */
export const sigmoid = (x: number): number => {
  if (x >= 0) return 1 / (1 + Math.exp(-x))
  const e = Math.exp(x)
  return e / (1 + e)
}

/** log(1 + eˣ) without overflow or cancellation. */
export const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))

/** log(eᵃ + eᵇ) without overflow; −∞ is the logarithm of zero. */
export const logAddExp = (a: number, b: number): number => {
  const m = Math.max(a, b)
  return Number.isFinite(m) ? m + Math.log1p(Math.exp(-Math.abs(a - b))) : m
}
