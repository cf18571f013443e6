import type { FlowContext, Learnable } from "./learnable.ts"

/**
 * A bijector or a distribution without parameters, as a learnable.
 *
 * @example
 * ```ts
 * import { permutation } from "pushforward/bijectors"
 * import { fixed, learnableMaskedAutoregressive, sequence } from "pushforward/learnables"
 *
 * const layer = learnableMaskedAutoregressive({ size: 2 })
 * const flow = sequence([layer, fixed(permutation([1, 0])), layer])
 * ```
 */
export const fixed = <A extends { readonly name: string }>(value: A): Learnable<A, FlowContext> => ({
  name: value.name,
  init: () => ({}),
  build: () => value
})

/** A learnable as it is, and what is none as one without parameters. */
export const learnableOf = <A extends { readonly name: string }>(given: A | Learnable<A>): Learnable<A> =>
  "build" in given ? given : fixed(given)
