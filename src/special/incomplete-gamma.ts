import { deviance } from "./deviance.ts"
import { exp, expm1 } from "./exponential.ts"
import { digamma, stirlingError } from "./gamma.ts"
import { log } from "./logarithm.ts"
import { CUT, integrateDecay } from "./quadrature.ts"

/** Below, the power series in x is used. */
const SERIES = 0.5

/** xᵃ e⁻ˣ / Γ(a), that is x times the density of Gamma(a) at x, in Loader's form. */
const density = (a: number, x: number): number => Math.sqrt(a / (2 * Math.PI)) * exp(-deviance(a, x) - stirlingError(a))

/**
 * With t = x e⁻ˢ, ∫₀ˣ p(t)/p(x) dt/x = ∫₀^∞ exp(−as − x expm1(−s)) ds; with c, the factor s + c stands inside. For log x ≤ ψ(a).
 */
const below = (a: number, x: number, c?: number): number =>
  integrateDecay(
    (s) => a * s + x * expm1(-s),
    (s) => a - x * exp(-s),
    (CUT + x) / a,
    c
  )

/** With t = x eˢ, ∫ₓ^∞ p(t)/p(x) dt/x = ∫₀^∞ exp(as − x expm1(s)) ds; with c, the factor s + c stands inside. For ψ(a) ≤ log x, x ≥ ½. */
const above = (a: number, x: number, c?: number): number =>
  integrateDecay(
    (s) => x * expm1(s) - a * s,
    (s) => x * exp(s) - a,
    (0.5 + Math.sqrt(0.25 + 2 * CUT * x)) / x,
    c
  )

/** P(a, x) by the power series Σ xⁿ/((a+1)…(a+n)) (NIST DLMF 8.11.4). */
const series = (a: number, x: number): number => {
  let term = 1
  let sum = 1
  for (let n = 1; term > sum * 1e-17; n++) sum += term *= x / (a + n)
  return (sum * density(a, x)) / a
}

/** [P, Q] where the smaller of the two, away from x < ½, has full relative precision. */
const both = (a: number, x: number): readonly [p: number, q: number] => {
  if (!(a > 0 && x >= 0) || a === Infinity) return [NaN, NaN]
  if (x === 0) return [0, 1]
  if (x === Infinity) return [1, 0]
  if (x < SERIES) {
    const p = series(a, x)
    return [p, 1 - p]
  }
  if (log(x) <= digamma(a)) {
    const p = density(a, x) * below(a, x)
    return [p, 1 - p]
  }
  const q = density(a, x) * above(a, x)
  return [1 - q, q]
}

/** P(a, x) = ∫₀ˣ tᵃ⁻¹ e⁻ᵗ dt / Γ(a), the distribution function of Gamma(a, 1). For a > 0, x ≥ 0; NaN elsewhere. */
export const gammaP = (a: number, x: number): number => both(a, x)[0]

/** Q(a, x) = 1 − P(a, x), of full relative precision in the right tail. */
export const gammaQ = (a: number, x: number): number => both(a, x)[1]

/**
 * dx/da of a draw x from Gamma(a, 1) at a fixed value of its distribution function: −(∂P/∂a)/p(x), the implicit reparameterisation of
 * Figurnov, Mohamed & Mnih (2018), eq. 5. For a > 0, x ≥ 0; NaN elsewhere.
 *
 * As ∂P/∂a = ∫₀ˣ (log t − ψ(a)) p(t) dt = −∫ₓ^∞ (log t − ψ(a)) p(t) dt, the integral is taken over the side on which log t − ψ(a) keeps
 * its sign, so that nothing cancels; for small x the power series of P is differentiated term by term.
 */
export const gammaDerivative = (a: number, x: number): number => {
  if (!(a > 0 && x >= 0) || a === Infinity) return NaN
  if (x === 0 || x === Infinity) return x
  if (x < SERIES) {
    let term = 1 / a
    let weight = digamma(a + 1) - log(x)
    let sum = term * weight
    for (let n = 1; term * weight > sum * 1e-17; n++) {
      term *= x / (a + n)
      weight += 1 / (a + n)
      sum += term * weight
    }
    return x * sum
  }
  const excess = log(x) - digamma(a)
  return x * (excess <= 0 ? below(a, x, -excess) : above(a, x, excess))
}
