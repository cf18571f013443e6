/** A fit's diagnostics in words. */
import { expm1, log } from "../special/index.ts"
import type { Diagnostics } from "./diagnostics.ts"
import type { MissedMode } from "./missedMode.ts"
import { bound } from "./shift.ts"
import { indexName } from "./summary.ts"

export interface Verdict {
  /**
   * `trust`: the draws can be used as they are. `reweight`: they are off, but importance weights set them right. `distrust`: they are off,
   * and the weights cannot be relied on either.
   */
  readonly kind: "trust" | "reweight" | "distrust"
  readonly text: string
}

/** Up to here weighting may move a mean, in standard deviations. */
const meanTolerance = 0.1
/** Up to here it may change a standard deviation, as a log ratio: 10%. */
const sdTolerance = log(1.1)

/** Log weights that float64 rounds more coarsely, in nats, say nothing. */
const coarsest = 0.01

/** What log weights are rounded to at the least, in nats: the spacing of float64 numbers as large as the evidence. */
const spacingOf = ({ logEvidence }: Diagnostics): number => Math.abs(logEvidence.value) * Number.EPSILON

const plural = (n: number, thing: string): string => `${n} ${thing}${n === 1 ? "" : "s"}`

const percent = (logRatio: number): string => `${(100 * expm1(logRatio)).toFixed(0)}%`

/** Whether no weight exceeds the mean by more than the relative error of so many draws: their tail is then of no account, and k̂ says nothing. */
const isLevel = ({ largestWeight, draws }: Diagnostics): boolean => largestWeight <= 1 + 1 / Math.sqrt(draws)

const isReliable = (d: Diagnostics): boolean => d.khat <= d.threshold || isLevel(d)

/** Infinite where the model has no density; the evidence, and so the KL, is estimated too low where the weights are not reliable. */
const divergence = (d: Diagnostics): string => {
  if (d.outside > 0) return "KL infinite"
  return isReliable(d)
    ? `KL ${Math.max(0, d.kl.value).toFixed(3)} ± ${d.kl.error.toFixed(3)} nats`
    : `KL at least ${d.kl.value.toFixed(2)} nats`
}

const figures = (d: Diagnostics): string => {
  const level = d.khat > d.threshold && isLevel(d) ? ", but here no weight is far above the mean" : ""
  return `k̂ = ${d.khat.toFixed(2)} (reliable up to ${d.threshold.toFixed(2)}${level}), ESS ${Math.round(d.ess)} of ${d.draws}, ${divergence(d)}.`
}

const remarks = ({ outside, rejected }: Diagnostics): string =>
  [
    ...(outside > 0 ? [` ${plural(outside, "draw")} lie outside the model's support.`] : []),
    ...(rejected > 0 ? [` ${plural(rejected, "step")} of the fit gave numbers that were not finite, and were not applied.`] : [])
  ].join("")

/** The first numbers of a mode. */
const placeOf = ({ at }: MissedMode): string => {
  const all = Object.entries(at).flatMap(([name, { shape, data }]) =>
    Array.from(data, (value, i) => `${name}${indexName(shape, i)} = ${Number(value.toPrecision(3))}`)
  )
  return `${all.slice(0, 3).join(", ")}${all.length > 3 ? ", …" : ""}`
}

/** `trust` asks that the tolerances hold with two standard errors to spare. */
export const verdictOf = (diagnostics: Diagnostics): Verdict => {
  const { meanShift, sdShift, undefined: bad, draws } = diagnostics
  const found = figures(diagnostics) + remarks(diagnostics)
  if (bad > 0) {
    return {
      kind: "distrust",
      text: `Do not trust these draws: at ${bad} of ${draws} the density of the model or the guide is not a number.${remarks(diagnostics)} Constrain the latents to where the model is defined.`
    }
  }
  if (spacingOf(diagnostics) > coarsest) {
    return {
      kind: "distrust",
      text: `Do not trust these draws: log densities of ${diagnostics.elbo.value.toExponential(1)} nats are rounded to multiples of ${spacingOf(diagnostics).toPrecision(1)}, and nothing can be told from their differences.${remarks(diagnostics)} The data are far from what the model expects of them: standardise them, or scale its priors.`
    }
  }
  if (diagnostics.missed !== undefined) {
    return {
      kind: "distrust",
      text: `Do not trust these draws: the guide has almost nothing at a mode with about ${(100 * diagnostics.missed.share).toFixed(0)}% of the posterior, at ${placeOf(diagnostics.missed)}. ${found} That is of what its draws have seen. More draws a step and a lower rate may find all modes; where they are images of one another, as of swapped labels, order them.`
    }
  }
  if (!isReliable(diagnostics)) {
    return {
      kind: "distrust",
      text: `Do not trust these draws: importance weights grow so fast towards the farthest of them that the guide may miss part of the posterior, which the weights cannot mend. ${found} A more flexible flow, more steps, or a model in other coordinates (non-centered) usually helps.`
    }
  }
  if (!(bound(meanShift) <= meanTolerance && bound(sdShift) <= sdTolerance)) {
    return {
      kind: "reweight",
      text: `Use the weighted draws: importance weights move ${meanShift.quantity} by ${meanShift.value.toFixed(2)} sd, the sd of ${sdShift.quantity} by ${percent(sdShift.value)}. ${found}`
    }
  }
  return {
    kind: "trust",
    text: `Trust these draws: importance weights move no mean by more than 0.1 sd, and no sd by more than 10%. ${found}`
  }
}
