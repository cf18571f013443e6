/** What is asked of a result. */
import type { Result } from "./measure.ts"

export interface Criteria {
  /** In reference standard deviations. */
  readonly mean: number
  /** As a part of the reference's: 0.1 admits ratios from 0.9 to 1.1. */
  readonly sd: number
  /** In nats. */
  readonly kl: number
}

export const fitted: Criteria = { mean: 0.1, sd: 0.1, kl: 0.1 }
export const amortised: Criteria = { mean: 0.2, sd: 0.2, kl: Infinity }

const momentsHold = ({ maxMeanError, minSdRatio, maxSdRatio }: Result, { mean, sd }: Criteria): boolean =>
  maxMeanError <= mean && minSdRatio >= 1 - sd && maxSdRatio <= 1 + sd

/** What fails, in words; nothing where all holds. A verdict may say "trust" only where the moments hold. */
export const failures = (result: Result, criteria: Criteria): ReadonlyArray<string> => [
  ...(result.maxMeanError <= criteria.mean ? [] : [`a mean is off by ${result.maxMeanError.toFixed(2)} sd`]),
  ...(result.minSdRatio >= 1 - criteria.sd ? [] : [`an sd is ${result.minSdRatio.toFixed(2)} of the reference's`]),
  ...(result.maxSdRatio <= 1 + criteria.sd ? [] : [`an sd is ${result.maxSdRatio.toFixed(2)} of the reference's`]),
  ...(result.kl < criteria.kl ? [] : [`KL is ${result.kl.toFixed(3)} nats`]),
  ...(result.verdict === "trust" && !momentsHold(result, fitted) ? [`the verdict says "trust"`] : [])
]
