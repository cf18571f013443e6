import type { AmortisedGuide, Guide } from "../src/guide/guide.ts"
import { deepSet, type DeepSetOptions, mlp } from "../src/learnable/index.ts"

export interface AmortisedOptions extends Pick<DeepSetOptions, "fourier" | "element" | "activation"> {
  /** Widths of the encoder's hidden layers; by default [64, 64]. */
  readonly hidden?: ReadonlyArray<number>
  /** The length of the context that it gives to the flow; by default 32. */
  readonly context?: number
}

/**
 * The amortised form of a flow: a conditional flow whose context is an encoder of the observed data, so that one fit gives the posterior
 * of any data set. The data as a vector go through a multilayer perceptron, the rows of a set through a `deepSet`, whose other options are
 * here too.
 *
 * @example
 * ```ts
 * import { amortised, neuralSplineFlow } from "pushforward/guides"
 *
 * console.log(amortised(neuralSplineFlow(), { context: 16 }).name)
 * ```
 */
export const amortised = (guide: Guide, { context = 32, ...options }: AmortisedOptions = {}): AmortisedGuide => {
  const network = { outputs: context, hidden: [64, 64], ...options }
  return {
    name: `amortised ${guide.name}`,
    guide,
    context,
    encoder: ({ vector = 0, rows }) => {
      if (rows === undefined) {
        const { outputs, hidden, activation = "relu" } = network
        const whole = mlp({ inputs: vector, outputs, hidden, activation })
        return { ...whole, build: (params) => (features) => whole.build(params)(features.vector!) }
      }
      const whole = deepSet({ inputs: rows, context: vector, ...network })
      return { ...whole, build: (params) => (features) => whole.build(params)(features.rows!, features.count, features.vector) }
    }
  }
}
