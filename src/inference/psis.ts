/** Pareto-smoothed importance sampling: Vehtari, Simpson, Gelman, Yao & Gabry, JMLR 25(72), 2024. */
import { effectiveSampleSize, largestLogWeight, normalise } from "./importance.ts"
import { fitGeneralizedPareto, generalizedParetoQuantile } from "./pareto.ts"
import { expm1, log, log1p } from "../special/index.ts"

export interface Psis {
  /** Smoothed, none above the largest raw one, and normalised: their exponentials sum to one. */
  readonly logWeights: Float64Array
  /** The shape of the weights' tail: +∞ where there are too few draws to tell, −∞ where the largest weights are all equal. */
  readonly khat: number
  /** Up to this k the estimates from so many draws are reliable: min(1 − 1/log₁₀ S, 0.7). */
  readonly threshold: number
  /** (Σ w)² / Σ w² of the smoothed weights. */
  readonly ess: number
}

const FEWEST = 5
/** Weights further below the largest than this are no longer numbers beside it. */
const DEEPEST = 1022 * Math.LN2

/** min(1 − 1/log₁₀ S, 0.7). */
export const thresholdOf = (S: number): number => Math.min(1 - Math.LN10 / log(S), 0.7)

/**
 * Smooths the largest min(S/5, 3√S) of S weights by the quantiles of the generalised Pareto distribution that is fitted to them.
 *
 * A log weight of −∞ is a weight of zero; NaN and +∞ are errors.
 */
export const psis = (logWeights: Float64Array): Psis => {
  const S = logWeights.length
  const max = largestLogWeight("psis.logWeights", logWeights)
  const threshold = thresholdOf(S)
  const relative = logWeights.map((w) => w - max)
  const order = Uint32Array.from(logWeights.keys()).sort((i, j) => relative[i]! - relative[j]!)
  const length = Math.ceil(Math.min(S / 5, 3 * Math.sqrt(S)))
  const cutoff = Math.max(relative[order[S - length - 1]!] ?? -Infinity, -DEEPEST)
  const tail = order.slice(S - length).filter((i) => relative[i]! > cutoff)
  const result = (weights: Float64Array, khat: number): Psis => ({
    logWeights: normalise(weights),
    khat,
    threshold,
    ess: effectiveSampleSize(weights)
  })

  if (tail.length < FEWEST) return result(relative, tail.length === 0 && length >= FEWEST ? -Infinity : Infinity)
  // exceedances in units of the cutoff, exact also where all weights are nearly equal
  const { shape, scale } = fitGeneralizedPareto(Float64Array.from(tail, (i) => expm1(relative[i]! - cutoff)))
  const smoothed = relative.slice()
  tail.forEach((i, rank) => {
    const exceedance = generalizedParetoQuantile((rank + 0.5) / tail.length, shape, scale)
    smoothed[i] = Math.min(cutoff + log1p(exceedance), 0)
  })
  return result(smoothed, shape)
}
