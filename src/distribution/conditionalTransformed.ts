import type * as tf from "@tensorflow/tfjs-core"
import type { Bijector } from "../bijector/bijector.ts"
import { asTensor, type Numeric } from "../trace/tensor.ts"
import type { Distribution } from "./distribution.ts"
import { Transformed } from "./transformed.ts"

/** A distribution for each value of a context. */
export interface ConditionalDistribution {
  readonly condition: (context: Numeric) => Distribution<"real">
}

/**
 * The pushforward of a distribution through a bijector that depends on a context: `condition(context)` is the distribution given that.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs-core"
 * import { elementwiseAffine } from "pushforward/bijectors"
 * import { ConditionalTransformed, Normal } from "pushforward/distributions"
 *
 * const around = ConditionalTransformed(Normal(0, 1), (x) => elementwiseAffine(x, tf.exp(x)))
 * around.condition(2).logProb(tf.scalar(2)).print() // −2.9189: Normal(2, e²) at 2
 * ```
 */
export const ConditionalTransformed = (
  base: Distribution<"real">,
  bijectorOf: (context: tf.Tensor) => Bijector
): ConditionalDistribution => ({ condition: (context) => Transformed(base, bijectorOf(asTensor(context))) })
