import * as tf from "@tensorflow/tfjs-core"
import type { Bijector } from "../bijector/bijector.ts"
import { rationalQuadraticSpline } from "../bijector/rationalQuadraticSpline.ts"
import { binsOf, type SplineOptions } from "./component.ts"
import type { FlowContext, Learnable } from "./learnable.ts"
import { countOf, learnableVector, learnedBy, type ConditionalOptions } from "./vector.ts"

/**
 * Rational-quadratic splines by component (see `rationalQuadraticSpline`), learned as they are or computed from a context; the identity at
 * first, and always beyond `bound`.
 *
 * @see Durkan, Bekasov, Murray & Papamakarios 2019, "Neural Spline Flows", section 3.1.
 *
 * @example
 * ```ts
 * import { learnableSpline } from "pushforward/learnables"
 *
 * const marginals = learnableSpline({ size: 2, bins: 16, bound: 3 })
 * ```
 */
export const learnableSpline = (
  options: ConditionalOptions & SplineOptions & { readonly size: number }
): Learnable<Bijector, FlowContext> => {
  const [name, size, knots] = ["spline", countOf("spline.size", options.size), 3 * binsOf("spline", options) - 1]
  return learnedBy(learnableVector(name, size * knots, options), (raw) =>
    rationalQuadraticSpline(tf.reshape(raw, [size, knots]), options.bound)
  )
}
