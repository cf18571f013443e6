import type { Bijector } from "../bijector/bijector.ts"
import { ConditionalTransformed, type ConditionalDistribution } from "../distribution/conditionalTransformed.ts"
import type { Distribution } from "../distribution/distribution.ts"
import { Transformed } from "../distribution/transformed.ts"
import { fold, type Key } from "../random/key.ts"
import { branchOf } from "./access.ts"
import { fixed } from "./fixed.ts"
import type { FlowContext, Learnable, Params, TensorParams } from "./learnable.ts"

type Base = Distribution<"real"> | Learnable<Distribution<"real">>

/** Parameters of both, and what each is built of. */
const partsOf = (name: string, base: Base, bijector: Learnable<Bijector, FlowContext>) => {
  const below: Learnable<Distribution<"real">> = "build" in base ? base : fixed(base)
  return {
    init: (key: Key): Params => ({ base: below.init(fold(key, "base")), bijector: bijector.init(fold(key, "bijector")) }),
    base: (params: TensorParams) => below.build(branchOf(name, params, "base")),
    bijector: (params: TensorParams, context: FlowContext) => bijector.build(branchOf(name, params, "bijector"), context)
  }
}

/**
 * The pushforward of a base through a learnable bijector, as a learnable distribution: a flow as a prior. The base may be learnable too; a
 * context conditions the bijector.
 *
 * @example
 * ```ts
 * import { model, param, sample } from "pushforward"
 * import { Normal } from "pushforward/distributions"
 * import { learnableAffineCoupling, learnableTransformed } from "pushforward/learnables"
 *
 * const prior = learnableTransformed(Normal([0, 0], 1), learnableAffineCoupling({ size: 2 }))
 * const latent = model(function* () {
 *   const distribution = yield* param("prior", prior)
 *   return yield* sample("z", distribution)
 * })
 * ```
 */
export const learnableTransformed = (
  base: Base,
  bijector: Learnable<Bijector, FlowContext>
): Learnable<Distribution<"real">, FlowContext> => {
  const name = "transformed"
  const parts = partsOf(name, base, bijector)
  return { name, init: parts.init, build: (params, context) => Transformed(parts.base(params), parts.bijector(params, context)) }
}

/**
 * The same, for contexts that are known only within a model: `condition(context)` is the distribution given one.
 *
 * @example
 * ```ts
 * import { model, observe, param, plate } from "pushforward"
 * import { Normal } from "pushforward/distributions"
 * import { learnableConditionalTransformed, learnableSpline } from "pushforward/learnables"
 *
 * const noise = learnableConditionalTransformed(Normal([0], 1), learnableSpline({ size: 1, context: 1 }))
 * const rows = model(function* (data: { x: ReadonlyArray<ReadonlyArray<number>>; y: ReadonlyArray<ReadonlyArray<number>> }) {
 *   const given = yield* param("noise", noise)
 *   yield* plate("row", data, function* (row) {
 *     yield* observe("y", given.condition(row.x), row.y)
 *   })
 * })
 * ```
 */
export const learnableConditionalTransformed = (
  base: Base,
  bijector: Learnable<Bijector, FlowContext>
): Learnable<ConditionalDistribution> => {
  const name = "conditional transformed"
  const parts = partsOf(name, base, bijector)
  return {
    name,
    init: parts.init,
    build: (params) => ConditionalTransformed(parts.base(params), (context) => parts.bijector(params, context))
  }
}
