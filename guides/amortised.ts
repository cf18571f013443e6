import type { AmortisedGuide, Guide } from "../src/guide/guide.ts"
import { deepSet, mlp } from "../src/learnable/index.ts"

export interface AmortisedOptions {
  /** Widths of the encoder's hidden layers; by default [64, 64]. */
  readonly hidden?: ReadonlyArray<number>
  /** Widths of the layers that see one element of a set, whose last is pooled; by default [64, 64]. */
  readonly element?: ReadonlyArray<number>
  /** The length of the context that it gives to the flow; by default 32. */
  readonly context?: number
}

/**
 * The amortised form of a flow: a conditional flow whose context is an encoder of the observed data, so that one fit gives the posterior
 * of any data set: a network of the data as a vector, and of the rows of a set a `deepSet`.
 *
 * @example
 * ```ts
 * import { amortised, neuralSplineFlow } from "pushforward/guides"
 *
 * console.log(amortised(neuralSplineFlow(), { context: 16 }).name)
 * ```
 */
export const amortised = (guide: Guide, options: AmortisedOptions = {}): AmortisedGuide => {
  const { context = 32, hidden = [64, 64], element = [64, 64] } = options
  return {
    name: `amortised ${guide.name}`,
    guide,
    context,
    encoder: ({ vector = 0, rows }) => {
      if (rows === undefined) {
        const network = mlp({ inputs: vector, outputs: context, hidden })
        return { ...network, build: (params) => (features) => network.build(params)(features.vector!) }
      }
      const network = deepSet({ inputs: rows, outputs: context, element, hidden, context: vector })
      return { ...network, build: (params) => (features) => network.build(params)(features.rows!, features.count, features.vector) }
    }
  }
}
