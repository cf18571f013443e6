/** What fresh draws say of a fit: how far the guide is from the posterior, and whether it can be trusted. */
import type { Estimate } from "../inference/importance.ts"
import { evidenceLowerBound, klDivergence, largestLogWeight, logMeanExp } from "../inference/importance.ts"
import { psis, thresholdOf } from "../inference/psis.ts"
import { exp } from "../special/index.ts"
import type { MissedMode } from "./missedMode.ts"
import type { Sampled } from "./sampler.ts"
import type { Shift } from "./shift.ts"
import { largestShifts } from "./shift.ts"

export interface Diagnostics {
  /** How many fresh draws they are taken from. */
  readonly draws: number
  /** The evidence lower bound, in nats. */
  readonly elbo: Estimate
  /** The log evidence by importance sampling; as good as the weights. */
  readonly logEvidence: Estimate
  /** KL(guide ‖ posterior), in nats; as good as the weights. */
  readonly kl: Estimate
  /** The shape of the tail of the importance weights. */
  readonly khat: number
  /** Up to this k̂ the weights can be relied on. */
  readonly threshold: number
  /** The largest importance weight, the mean being 1. */
  readonly largestWeight: number
  /** How many independent draws of the posterior the weighted ones are worth. */
  readonly ess: number
  /** Draws at which the model's density is 0. */
  readonly outside: number
  /** Draws at which the density of model or guide is not a number, or infinite. With any, nothing can be said of the others. */
  readonly undefined: number
  /** Steps of the fit that were not finite, and so not applied. */
  readonly rejected: number
  /** The largest shift of a mean by weighting, in posterior standard deviations, with the quantity. */
  readonly meanShift: Shift
  /** The largest change of a standard deviation by weighting, as |log ratio|, with the quantity. */
  readonly sdShift: Shift
  /** A mode that the search for a start found, and the guide has almost nothing at. */
  readonly missed?: MissedMode
}

export const logWeightsOf = ({ logJoint, logGuide }: Pick<Sampled, "logJoint" | "logGuide">): Float64Array =>
  logJoint.map((p, i) => p - logGuide[i]!)

const count = (values: Float64Array, holds: (v: number) => boolean): number => values.reduce((n, v) => n + (holds(v) ? 1 : 0), 0)

/** What is said where the weights say nothing. */
const nothing = (
  elbo: number
): Pick<Diagnostics, "elbo" | "logEvidence" | "kl" | "khat" | "largestWeight" | "ess" | "meanShift" | "sdShift"> => {
  const [unknown, shift] = [
    { value: NaN, error: NaN },
    { value: NaN, error: NaN, quantity: "" }
  ]
  return {
    elbo: { value: elbo, error: NaN },
    logEvidence: unknown,
    kl: unknown,
    khat: Infinity,
    largestWeight: NaN,
    ess: 0,
    meanShift: shift,
    sdShift: shift
  }
}

export const diagnose = (sampled: Sampled, rejected = 0): Diagnostics => {
  const logWeights = logWeightsOf(sampled)
  const draws = logWeights.length
  const counts = {
    draws,
    rejected,
    threshold: thresholdOf(draws),
    outside: count(logWeights, (w) => w === -Infinity),
    undefined: count(logWeights, (w) => !(w < Infinity))
  }
  if (counts.undefined > 0 || counts.outside === draws) return { ...counts, ...nothing(counts.undefined > 0 ? NaN : -Infinity) }
  const { khat, ess, logWeights: smoothed } = psis(logWeights)
  const logEvidence = logMeanExp(logWeights)
  const shifts = largestShifts(sampled.values, smoothed.map(exp))
  return {
    ...counts,
    elbo: evidenceLowerBound(logWeights),
    logEvidence,
    kl: klDivergence(logWeights),
    khat,
    largestWeight: exp(largestLogWeight("posterior", logWeights) - logEvidence.value),
    ess,
    meanShift: shifts.mean,
    sdShift: shifts.sd
  }
}
