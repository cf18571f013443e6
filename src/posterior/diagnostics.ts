/** What fresh draws say of a fit: how far the guide is from the posterior, and whether it can be trusted. */
import { ArgumentError } from "../errors.ts"
import type { Estimate } from "../inference/importance.ts"
import { evidenceLowerBound, klDivergence, logMeanExp } from "../inference/importance.ts"
import { psis } from "../inference/psis.ts"
import { summary } from "./summary.ts"
import type { Sampled } from "./sampler.ts"

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
  /** How many independent draws of the posterior the weighted ones are worth. */
  readonly ess: number
  /** Draws at which the model's density is 0. */
  readonly outside: number
  /** The largest shift of a mean by weighting, in posterior standard deviations, with the quantity. */
  readonly meanShift: Shift
  /** The largest change of a standard deviation by weighting, as |log ratio|, with the quantity. */
  readonly sdShift: Shift
}

export interface Shift {
  readonly value: number
  readonly quantity: string
}

export const logWeightsOf = ({ logJoint, logGuide }: Sampled): Float64Array => logJoint.map((p, i) => p - logGuide[i]!)

const largest = (shifts: ReadonlyArray<Shift>): Shift =>
  shifts.reduce((a, b) => (b.value > a.value || Number.isNaN(b.value) ? b : a), { value: 0, quantity: "" })

export const diagnose = (sampled: Sampled): Diagnostics => {
  const logWeights = logWeightsOf(sampled)
  const wrong = logWeights.findIndex((w) => !(w < Infinity))
  if (wrong >= 0) {
    throw new ArgumentError({
      argument: "posterior",
      expected: "finite log densities at fresh draws of the guide",
      received: `model ${sampled.logJoint[wrong]}, guide ${sampled.logGuide[wrong]} at draw ${wrong}`,
      remedy: "Look at the model's density far from its data: an overflow there is NaN."
    })
  }
  const { khat, threshold, ess, logWeights: smoothed } = psis(logWeights)
  const plain = summary(sampled.values)
  const weighted = summary(sampled.values, { logWeights: smoothed })
  const compared = plain.map((p, i) => ({ p, w: weighted[i]! })).filter(({ p }) => p.sd > 0)
  return {
    draws: logWeights.length,
    elbo: evidenceLowerBound(logWeights),
    logEvidence: logMeanExp(logWeights),
    kl: klDivergence(logWeights),
    khat,
    threshold,
    ess,
    outside: logWeights.reduce((n, w) => n + (w === -Infinity ? 1 : 0), 0),
    meanShift: largest(compared.map(({ p, w }) => ({ quantity: p.name, value: Math.abs(w.mean - p.mean) / w.sd }))),
    sdShift: largest(compared.map(({ p, w }) => ({ quantity: p.name, value: Math.abs(Math.log(p.sd / w.sd)) })))
  }
}
