import type { Bijector } from "../bijector/bijector.ts"
import type { FlowContext, Learnable } from "./learnable.ts"

/**
 * A bijector without parameters as a learnable, to stand in a `sequence`.
 *
 * @example
 * ```ts
 * import { permutation } from "pushforward/bijectors"
 * import { fixed, learnableMaskedAutoregressive, sequence } from "pushforward/learnables"
 *
 * const flow = sequence([learnableMaskedAutoregressive({ size: 2 }), fixed(permutation([1, 0])), learnableMaskedAutoregressive({ size: 2 })])
 * ```
 */
export const fixed = (bijector: Bijector): Learnable<Bijector, FlowContext> => ({
  name: bijector.name,
  init: () => ({}),
  build: () => bijector
})
