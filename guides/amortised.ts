import type { AmortisedGuide, Guide } from "../src/guide/guide.ts"
import { mlp } from "../src/learnable/index.ts"

export interface AmortisedOptions {
  /** Widths of the encoder's hidden layers; by default [64, 64]. */
  readonly hidden?: ReadonlyArray<number>
  /** The length of the context that it gives to the flow; by default 32. */
  readonly context?: number
}

/**
 * The amortised form of a flow: a conditional flow whose context is an encoder of the observed data, so that one fit gives the posterior
 * of any data set.
 *
 * @example
 * ```ts
 * import { amortised, neuralSplineFlow } from "pushforward/guides"
 *
 * console.log(amortised(neuralSplineFlow(), { context: 16 }).name)
 * ```
 */
export const amortised = (guide: Guide, options: AmortisedOptions = {}): AmortisedGuide => {
  const context = options.context ?? 32
  return {
    name: `amortised ${guide.name}`,
    guide,
    context,
    encoder: (features) => mlp({ inputs: features, outputs: context, hidden: options.hidden ?? [64, 64] })
  }
}
