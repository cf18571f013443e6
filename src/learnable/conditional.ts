import type { Learnable } from "./learnable.ts"

/**
 * A learnable that is built from a context, as one that builds a function of it: for a model, which has its parameters in one place and
 * the context in another.
 *
 * @example
 * ```ts
 * import { model, param, plate, sample } from "pushforward"
 * import { Normal } from "pushforward/distributions"
 * import { conditional, learnableAffineCoupling, learnableTransformed } from "pushforward/learnables"
 *
 * const flow = learnableTransformed(Normal([0, 0], 1), learnableAffineCoupling({ size: 2, context: 3 }))
 * const guide = model(function* (data: ReadonlyArray<readonly [number, number, number]>) {
 *   const posterior = yield* param("posterior", conditional(flow))
 *   yield* plate("row", data, function* (row) {
 *     yield* sample("z", posterior(row))
 *   })
 * })
 * ```
 */
export const conditional = <A, Context>(learnable: Learnable<A, Context>): Learnable<(context: Context) => A> => ({
  ...learnable,
  build: (params) => (context) => learnable.build(params, context)
})
