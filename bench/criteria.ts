/** What is asked of a result. */
import type { Result } from "./measure.ts"

interface Criteria {
  /** In reference standard deviations. */
  readonly mean: number
  /** As a part of the reference's: 0.1 admits ratios from 0.9 to 1.1. */
  readonly sd: number
  /** In nats. */
  readonly kl: number
  /** The level of the test that ranks are uniform. */
  readonly level: number
}

const fitted: Criteria = { mean: 0.1, sd: 0.1, kl: 0.1, level: 0.05 }
const amortised: Criteria = { mean: 0.2, sd: 0.2, kl: Number.POSITIVE_INFINITY, level: 0.05 }

const momentsHold = ({ maxMeanError, minSdRatio, maxSdRatio }: Result, { mean, sd }: Criteria): boolean =>
  maxMeanError <= mean && minSdRatio >= 1 - sd && maxSdRatio <= 1 + sd

/** What fails, in words; nothing where all holds. A verdict may say "trust" only where the moments hold. */
export const failures = (result: Result): ReadonlyArray<string> => {
  const { maxMeanError, minSdRatio, maxSdRatio, kl, verdict, calibration } = result
  const criteria = calibration === undefined ? fitted : amortised
  const checks: ReadonlyArray<readonly [holds: boolean, otherwise: string]> = [
    [maxMeanError <= criteria.mean, `a mean is off by ${maxMeanError.toFixed(2)} sd`],
    [minSdRatio >= 1 - criteria.sd, `an sd is ${minSdRatio.toFixed(2)} of the reference's`],
    [maxSdRatio <= 1 + criteria.sd, `an sd is ${maxSdRatio.toFixed(2)} of the reference's`],
    [kl < criteria.kl, `KL is ${kl.toFixed(3)} nats`],
    [verdict !== "trust" || momentsHold(result, fitted), `the verdict says "trust"`],
    [
      calibration === undefined || calibration.corrected > criteria.level,
      `ranks are not uniform: p = ${calibration?.corrected.toPrecision(2)}`
    ]
  ]
  return checks.flatMap(([holds, otherwise]) => (holds ? [] : [otherwise]))
}
