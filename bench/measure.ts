/** Measures one target: density first, then a fit with default settings against the reference. */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import { type Guide, type Verdict } from "pushforward"
import { fixture, fullRankKl, reference } from "./posteriordb.ts"
import { score } from "./score.ts"
import type { Target } from "./targets.ts"

/** Of an amortised posterior: whether the ranks of simulated values are uniform. */
export interface Calibration {
  readonly dataSets: number
  readonly bins: number
  /** Of the test for uniformity, by scalar. */
  readonly pValues: Readonly<Record<string, number>>
  /** The least of them, corrected for their number. */
  readonly corrected: number
}

export interface Result {
  readonly posterior: string
  readonly guide: string
  readonly seed: number
  /** KL(q‖p) in nats: the reference's log evidence less the ELBO; with its standard error. */
  readonly kl: number
  readonly klError: number
  /** What the best Gaussian with a full covariance reaches, where that is known. */
  readonly klFullRank: number | null
  readonly maxMeanError: number
  readonly minSdRatio: number
  readonly maxSdRatio: number
  readonly khat: number
  readonly threshold: number
  readonly ess: number
  readonly verdict: Verdict["kind"]
  readonly seconds: number
  readonly calibration?: Calibration
}

export class DensityMismatch extends Data.TaggedError("DensityMismatch")<{ readonly message: string }> {}

export const measure = (posterior: string, target: Target, guide: readonly [name: string, Guide], seed: number) =>
  Effect.gen(function* () {
    const { constant, departure } = yield* target.checkDensity
    if (!(departure < 1e-6))
      return yield* new DensityMismatch({ message: `${posterior}: log-density differences depart from the reference's by ${departure}` })
    const before = performance.now()
    const { summary, diagnostics, verdict } = yield* target.fit(guide[1], seed)
    const seconds = (performance.now() - before) / 1000
    const { elbo, khat, threshold, ess } = diagnostics
    return {
      posterior,
      guide: guide[0],
      seed,
      kl: fixture(target.reference).log_evidence + constant - elbo.value,
      klError: elbo.error,
      klFullRank: fullRankKl(target.baseline) ?? null,
      ...score(reference(target.reference), summary),
      khat,
      threshold,
      ess,
      verdict: verdict.kind,
      seconds
    } satisfies Result
  })
