import { exp, expm1 } from "./exponential.ts"

const sinh = (u: number): number => (expm1(u) - expm1(-u)) / 2
const cosh = (u: number): number => (exp(u) + exp(-u)) / 2

const STEP = 1 / 12

/** Tanh-sinh quadrature on (0, 1): the nodes 1/(1 + exp(−π sinh u)) at equidistant u, and their weights. */
const POINTS = Array.from({ length: 69 }, (_, i) => (i - 41) * STEP)
export const NODES = POINTS.map((u) => 1 / (1 + exp(-Math.PI * sinh(u))))
export const WEIGHTS = POINTS.map((u) => (STEP * Math.PI * cosh(u)) / (2 + 2 * cosh(Math.PI * sinh(u))))

/** An integrand is left out where it has fallen to exp(−CUT). */
export const CUT = 42

/**
 * ∫₀^∞ (s + c) exp(−g(s)) ds, or ∫₀^∞ exp(−g(s)) ds without c, for a convex g with g(0) = 0 that grows without bound.
 *
 * Tanh-sinh quadrature (Takahasi & Mori 1974) on [0, S] with g(S) ≥ CUT. Newton's method comes down to S from `end`, where g(end) ≥ CUT.
 */
export const integrateDecay = (g: (s: number) => number, slope: (s: number) => number, end: number, c?: number): number => {
  let S = end
  for (let next = 0; ; S = next) {
    next = S - (g(S) - CUT) / slope(S)
    if (!(next < 0.99 * S)) break
  }
  let sum = 0
  for (let i = 0; i < NODES.length; i++) {
    const s = S * NODES[i]!
    const value = WEIGHTS[i]! * exp(-g(s))
    sum += c === undefined ? value : value * (s + c)
  }
  return S * sum
}
