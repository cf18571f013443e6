import type { Bijector } from "../bijector/bijector.ts"
import type { Distribution } from "../distribution/distribution.ts"
import { Transformed } from "../distribution/transformed.ts"
import { combine } from "./combine.ts"
import { learnableOf } from "./fixed.ts"
import type { FlowContext, Learnable } from "./learnable.ts"

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
  base: Distribution<"real"> | Learnable<Distribution<"real">>,
  bijector: Learnable<Bijector, FlowContext>
): Learnable<Distribution<"real">, FlowContext> =>
  combine("transformed", { base: learnableOf(base), bijector }, (built) => Transformed(built.base, built.bijector))
