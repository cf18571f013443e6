import type * as tf from "@tensorflow/tfjs-core"
import type { Constraint } from "../constraint/constraint.ts"
import { real } from "../constraint/real.ts"
import { ImproperUniform } from "../distribution/improperUniform.ts"
import type { Model } from "../model/model.ts"
import { model } from "../model/model.ts"
import { factor, sample } from "../model/sites.ts"
import type { Factor, Sample } from "../model/types.ts"

/**
 * The model of an unnormalised density: one latent `x`, a vector of `size` numbers that satisfy `constraint`, of log density `logDensity` up
 * to a constant. To be fitted as any other, by `fit`.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs-core"
 * import * as Effect from "effect/Effect"
 * import { fit, unnormalised } from "pushforward"
 * import { realNVP } from "pushforward/guides"
 *
 * const banana = unnormalised(
 *   (x) => {
 *     const [a, b] = tf.unstack(x) as [tf.Scalar, tf.Scalar]
 *     return tf.neg(tf.add(tf.square(a), tf.square(tf.sub(b, tf.square(a)))))
 *   },
 *   { size: 2 }
 * )
 * const posterior = await Effect.runPromise(fit(banana, realNVP({ couplings: 2 }), { steps: 100 }))
 * console.log(posterior.diagnostics.logEvidence) // log of the integral, that is log π
 * ```
 */
export const unnormalised = (
  logDensity: (x: tf.Tensor) => tf.Tensor,
  { size, constraint = real }: { readonly size: number; readonly constraint?: Constraint }
): Model<tf.Tensor, Sample<"x", "real"> | Factor<"log density">> =>
  model(function* () {
    const x = yield* sample("x", ImproperUniform(constraint, [size]))
    yield* factor("log density", logDensity(x))
    return x
  })()
