import { deviance } from "./deviance.ts"
import { stirlingError } from "./gamma.ts"
import { CUT, integrateDecay } from "./quadrature.ts"

/** xᵃ(1−x)ᵇ / B(a, b) in Loader's form. */
const density = (x: number, a: number, b: number): number => {
  const n = a + b
  return (
    Math.sqrt((a / n) * (b / (2 * Math.PI))) *
    Math.exp(stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance(a, n * x) - deviance(b, n * (1 - x)))
  )
}

/** I_x(a, b) for x ≤ a/(a + b): with t/(1−t) = e⁻ˢ x/(1−x) it is density · ∫₀^∞ exp(−as − (a+b) log1p(x expm1(−s))) ds. */
const below = (x: number, a: number, b: number): number => {
  const n = a + b
  return (
    density(x, a, b) *
    integrateDecay(
      (s) => a * s + n * Math.log1p(x * Math.expm1(-s)),
      (s) => a - (n * x) / (x + (1 - x) * Math.exp(s)),
      (CUT - n * Math.log1p(-x)) / a
    )
  )
}

/**
 * I_x(a, b) = ∫₀ˣ tᵃ⁻¹(1−t)ᵇ⁻¹ dt / B(a, b), the distribution function of Beta(a, b). For 0 ≤ x ≤ 1 and a, b ≥ ½; NaN elsewhere. Its left tail
 * has full relative precision; the right tail's is I₁₋ₓ(b, a).
 */
export const betaI = (x: number, a: number, b: number): number => {
  if (!(x >= 0 && x <= 1 && a >= 0.5 && b >= 0.5) || a + b === Infinity) return NaN
  if (x === 0 || x === 1) return x
  return x <= a / (a + b) ? below(x, a, b) : 1 - below(1 - x, b, a)
}
