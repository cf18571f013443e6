import { gammaP, gammaQ } from "./incomplete-gamma.ts"
import { betaI } from "./incomplete-beta.ts"
import { normalQuantile } from "./normal.ts"

/** The smallest integer in [low, high] that is enough: strides that double from `start`, then bisection. `high` is enough unasked. */
const smallest = (enough: (k: number) => boolean, start: number, low: number, high: number): number => {
  const sufficient = (k: number): boolean => k >= high || enough(k)
  let k = Math.min(Math.max(Math.floor(start), low), high)
  let no = k
  let yes = k
  if (sufficient(k)) {
    for (let stride = 1; k >= low && sufficient(k); stride *= 2) {
      yes = k
      k -= stride
    }
    no = Math.max(k, low - 1)
  } else {
    for (let stride = 1; !sufficient(k); stride *= 2) {
      no = k
      k += stride
    }
    yes = Math.min(k, high)
  }
  for (;;) {
    const middle = Math.floor(no + (yes - no) / 2)
    if (middle <= no || middle >= yes) return yes
    if (sufficient(middle)) yes = middle
    else no = middle
  }
}

/** Beyond, integers are no longer told apart, and the expansion is as good as its rounding. */
const LATTICE = Number.MAX_SAFE_INTEGER

/** The Cornish–Fisher expansion to the skewness term (Abramowitz & Stegun 26.2.49). */
const cornishFisher = (u: number, mean: number, variance: number, skewness: number): number => {
  const z = normalQuantile(u)
  const sd = Math.sqrt(variance)
  return mean + sd * (z + (skewness * (z * z - 1)) / 6)
}

/**
 * The smallest k with P(X ≤ k) ≥ u for X ~ Poisson(rate), where P(X ≤ k) = Q(k+1, rate) (NIST DLMF 8.4.10). Exact in both tails: for u > ½
 * it compares P(X > k) with 1 − u. For rate ≥ 0 and 0 ≤ u ≤ 1; NaN elsewhere.
 */
export const poissonQuantile = (rate: number, u: number): number => {
  if (!(rate >= 0 && u >= 0 && u <= 1)) return NaN
  if (u === 0 || rate === 0) return 0
  if (u === 1 || rate === Infinity) return Infinity
  const start = cornishFisher(u, rate, rate, 1 / Math.sqrt(rate))
  if (rate > LATTICE) return start
  return smallest(u <= 0.5 ? (k) => gammaQ(k + 1, rate) >= u : (k) => gammaP(k + 1, rate) <= 1 - u, start, 0, Infinity)
}

/**
 * The smallest k with P(X ≤ k) ≥ u for X ~ Binomial(n, p), where P(X > k) = I_p(k+1, n−k) (NIST DLMF 8.17.5). Exact in both tails. For integer
 * n ≥ 0, 0 ≤ p ≤ 1 and 0 ≤ u ≤ 1; NaN elsewhere.
 */
export const binomialQuantile = (n: number, p: number, u: number): number => {
  if (!(n >= 0 && Number.isInteger(n) && p >= 0 && p <= 1 && u >= 0 && u <= 1)) return NaN
  if (u === 0 || p === 0 || n === 0) return 0
  if (u === 1 || p === 1) return n
  const variance = n * p * (1 - p)
  const start = cornishFisher(u, n * p, variance, (1 - 2 * p) / Math.sqrt(variance))
  if (n > LATTICE) return Math.min(Math.max(start, 0), n)
  return smallest(u <= 0.5 ? (k) => betaI(1 - p, n - k, k + 1, p) >= u : (k) => betaI(p, k + 1, n - k, 1 - p) <= 1 - u, start, 0, n)
}
