/** A fit's diagnostics in words. */
import type { Diagnostics } from "./diagnostics.ts"

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
const sdTolerance = Math.log(1.1)

const percent = (logRatio: number): string => `${(100 * Math.expm1(logRatio)).toFixed(0)}%`

const figures = ({ khat, threshold, ess, draws, kl }: Diagnostics): string =>
  `k̂ = ${khat.toFixed(2)} (reliable up to ${threshold.toFixed(2)}), ESS ${Math.round(ess)} of ${draws}, KL ${kl.value.toFixed(3)} ± ${kl.error.toFixed(3)} nats`

export const verdictOf = (diagnostics: Diagnostics): Verdict => {
  const { khat, threshold, meanShift, sdShift, outside } = diagnostics
  const reliable = khat <= threshold
  const right = meanShift.value <= meanTolerance && sdShift.value <= sdTolerance
  const shifts = `${meanShift.quantity} by ${meanShift.value.toFixed(2)} sd, the sd of ${sdShift.quantity} by ${percent(sdShift.value)}`
  const beyond = outside > 0 ? ` ${outside} draws lie outside the model's support.` : ""
  if (!reliable) {
    return {
      kind: "distrust",
      text: `Do not trust these draws: the guide misses part of the posterior, and importance weights cannot mend it. ${figures(diagnostics)}.${beyond} A more flexible flow, more steps, or a model in other coordinates (non-centered) usually helps.`
    }
  }
  if (!right) {
    return {
      kind: "reweight",
      text: `Use the weighted draws: importance weights move ${shifts}. ${figures(diagnostics)}.${beyond}`
    }
  }
  return { kind: "trust", text: `Trust these draws: importance weights move no mean or sd by more than 0.1 sd or 10%. ${figures(diagnostics)}.${beyond}` }
}
