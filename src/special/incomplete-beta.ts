import { deviance } from "./deviance.ts"
import { exp, expm1 } from "./exponential.ts"
import { stirlingError } from "./gamma.ts"
import { log, log1p } from "./logarithm.ts"
import { CUT, integrateDecay } from "./quadrature.ts"

/** xᵃyᵇ / B(a, b) for x + y = 1, in Loader's form. */
const density = (x: number, y: number, a: number, b: number): number => {
  const n = a + b
  return (
    Math.sqrt((a / n) * (b / (2 * Math.PI))) *
    exp(stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance(a, n * x) - deviance(b, n * y))
  )
}

/**
 * I_x(a, b) for x ≤ a/(a + b), y = 1 − x. With t/(1−t) = e⁻ˢ x/y it is density · ∫₀^∞ exp(−g(s)) ds, where g(s) = as + (a+b) log(y + xe⁻ˢ); the
 * smaller of x and y carries the precision.
 */
const below = (x: number, y: number, a: number, b: number): number => {
  const n = a + b
  const g = x <= y ? (s: number) => a * s + n * log1p(x * expm1(-s)) : (s: number) => n * log1p(y * expm1(s)) - b * s
  const slope = (s: number) => a - (n * x) / (x + y * exp(s))
  return density(x, y, a, b) * integrateDecay(g, slope, (CUT - n * log(y)) / a)
}

/**
 * I_x(a, b) = ∫₀ˣ tᵃ⁻¹(1−t)ᵇ⁻¹ dt / B(a, b), the distribution function of Beta(a, b). For 0 ≤ x ≤ 1 and a, b ≥ 1; NaN elsewhere. Its left tail
 * has full relative precision; the right tail's is I_y(b, a) for y = 1 − x. Where y is known better than by subtraction, give it.
 */
export const betaI = (x: number, a: number, b: number, y = 1 - x): number => {
  if (!(x >= 0 && x <= 1 && a >= 1 && b >= 1) || a + b === Infinity) return NaN
  if (x === 0 || y === 0) return x
  return x * b <= a * y ? below(x, y, a, b) : 1 - below(y, x, b, a)
}
