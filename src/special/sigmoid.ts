import { exp } from "./exponential.ts"
import { log1p } from "./logarithm.ts"

/** 1/(1 + e⁻ˣ), of full relative precision in both tails. */
export const sigmoid = (x: number): number => {
  if (x >= 0) return 1 / (1 + exp(-x))
  const e = exp(x)
  return e / (1 + e)
}

/** log(1 + eˣ) without overflow or cancellation. */
export const softplus = (x: number): number => Math.max(x, 0) + log1p(exp(-Math.abs(x)))

/** log(eᵃ + eᵇ) without overflow; −∞ is the logarithm of zero. */
export const logAddExp = (a: number, b: number): number => {
  const m = Math.max(a, b)
  return Number.isFinite(m) ? m + log1p(exp(-Math.abs(a - b))) : m
}
