/** The generalised Pareto distribution of exceedances, P(X > x) = (1 + kx/σ)^(−1/k). */
import { exp, expm1, log, log1p } from "../special/index.ts"

export interface GeneralizedPareto {
  readonly shape: number
  readonly scale: number
}

/** How many draws of k = ½ the prior on the shape is worth (Vehtari et al. 2024, appendix G). */
const PRIOR_DRAWS = 10

/** mean log(1 − θx): the most likely shape k for a given θ = −k/σ. */
const likelyShape = (theta: number, x: Float64Array): number => x.reduce((sum, v) => sum + log1p(-theta * v), 0) / x.length

/**
 * Shape k and scale σ from exceedances in increasing order, the largest positive: the quasi-Bayesian estimate of Zhang & Stephens, "A new and
 * efficient estimation method for the generalized Pareto distribution", Technometrics 51 (2009), the shape drawn towards ½ by a weak prior.
 */
export const fitGeneralizedPareto = (x: Float64Array): GeneralizedPareto => {
  const n = x.length
  const quartile = x[Math.floor(n / 4 + 0.5) - 1]!
  const points = 30 + Math.floor(Math.sqrt(n))
  const thetas = Array.from({ length: points }, (_, i) => 1 / x[n - 1]! + (1 - Math.sqrt(points / (i + 0.5))) / (3 * quartile))
  const logLikelihoods = thetas.map((theta) => {
    const k = likelyShape(theta, x)
    return n * (log(-theta / k) - k - 1)
  })
  const largest = Math.max(...logLikelihoods)
  const weights = logLikelihoods.map((l) => exp(l - largest))
  const theta = thetas.reduce((sum, t, i) => sum + t * weights[i]!, 0) / weights.reduce((sum, w) => sum + w, 0)
  const k = likelyShape(theta, x)
  return { shape: (n * k + PRIOR_DRAWS * 0.5) / (n + PRIOR_DRAWS), scale: -k / theta }
}

/** The x with P(X ≤ x) = p. */
export const generalizedParetoQuantile = (p: number, shape: number, scale: number): number => {
  const exponential = -log1p(-p)
  return scale * (shape === 0 ? exponential : expm1(shape * exponential) / shape)
}
