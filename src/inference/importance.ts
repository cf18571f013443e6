/** What importance weights say: evidence, divergence, effective sample size, resampling. Log weights are log p(xᵢ, data) − log q(xᵢ) at draws xᵢ ~ q. */
import { ArgumentError } from "../errors.ts"
import { uniforms } from "../random/draws.ts"
import type { Key } from "../random/key.ts"
import { exp, log, square } from "../special/index.ts"

/** An estimate with its Monte Carlo standard error. */
export interface Estimate {
  readonly value: number
  readonly error: number
}

/** The largest log weight. −∞ is a weight of zero; NaN, +∞ or no positive weight at all are errors that name `argument`. */
export const largestLogWeight = (argument: string, logWeights: Float64Array): number => {
  const wrong = logWeights.findIndex((w) => !(w < Infinity))
  if (wrong >= 0)
    throw new ArgumentError({
      argument,
      expected: "log weights that are numbers below +∞",
      received: `${logWeights[wrong]} at draw ${wrong}`,
      remedy: "Look at the log densities of model and guide at that draw."
    })
  const max = logWeights.reduce((m, w) => Math.max(m, w), -Infinity)
  if (max === -Infinity)
    throw new ArgumentError({
      argument,
      expected: "at least one draw of positive weight",
      received: `${logWeights.length} draws of weight zero`,
      remedy: "The guide draws nothing that the model holds possible."
    })
  return max
}

/** log Σ exp. */
const logSum = (argument: string, logWeights: Float64Array): number => {
  const max = largestLogWeight(argument, logWeights)
  return max + log(logWeights.reduce((sum, w) => sum + exp(w - max), 0))
}

/** Log weights whose exponentials sum to one. */
export const normalise = (logWeights: Float64Array): Float64Array => {
  const total = logSum("normalise.logWeights", logWeights)
  return logWeights.map((w) => w - total)
}

/** (Σ w)² / Σ w² (Kong 1992). */
export const effectiveSampleSize = (logWeights: Float64Array): number => {
  const max = largestLogWeight("effectiveSampleSize.logWeights", logWeights)
  const weights = logWeights.map((w) => exp(w - max))
  return square(weights.reduce((sum, w) => sum + w, 0)) / weights.reduce((sum, w) => sum + w * w, 0)
}

/** The mean of `values`, and sd/√n. */
export const meanOf = (values: Float64Array): Estimate => {
  const n = values.length
  const value = values.reduce((sum, v) => sum + v, 0) / n
  if (!Number.isFinite(value)) return { value, error: Infinity }
  return { value, error: Math.sqrt(values.reduce((sum, v) => sum + square(v - value), 0) / (n - 1) / n) }
}

/** wᵢ / w̄. */
const relative = (logWeights: Float64Array, logMean: number): Float64Array => logWeights.map((w) => exp(w - logMean))

/** log of the mean weight, which estimates the log evidence; the error is that of the delta method, sd(w)/(w̄ √n). */
export const logMeanExp = (logWeights: Float64Array): Estimate => {
  const value = logSum("logMeanExp.logWeights", logWeights) - log(logWeights.length)
  return { value, error: meanOf(relative(logWeights, value)).error }
}

/** The evidence lower bound E_q[log p(x, data) − log q(x)]. A draw of weight zero makes it −∞. */
export const evidenceLowerBound = (logWeights: Float64Array): Estimate => {
  largestLogWeight("evidenceLowerBound.logWeights", logWeights)
  return meanOf(logWeights)
}

/**
 * KL(q‖p) for the normalised p: log evidence − lower bound, both from the same draws, the evidence by importance sampling. The error is that of the
 * delta method, sd(wᵢ/w̄ − log wᵢ)/√n. Only as good as the weights: see the Pareto k of `psis`.
 */
export const klDivergence = (logWeights: Float64Array): Estimate => {
  const evidence = logMeanExp(logWeights)
  const bound = meanOf(logWeights)
  if (bound.value === -Infinity) return { value: Infinity, error: Infinity }
  return {
    value: evidence.value - bound.value,
    error: meanOf(relative(logWeights, evidence.value).map((r, i) => r - logWeights[i]!)).error
  }
}

/** Indices of n draws in proportion to their weights, in increasing order: systematic resampling (Kitagawa 1996), a draw of weight w taken ⌊nw⌋ or ⌈nw⌉ times. */
export const resample = (logWeights: Float64Array, n: number, key: Key): Uint32Array => {
  const weights = normalise(logWeights).map(exp)
  const [offset] = uniforms(key, 1) as unknown as [number]
  const last = weights.findLastIndex((w) => w > 0)
  let index = 0
  let reached = weights[0]!
  return Uint32Array.from({ length: n }, (_, i) => {
    while (index < last && reached <= (i + offset) / n) reached += weights[++index]!
    return index
  })
}
