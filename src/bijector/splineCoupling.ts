import type * as tf from "@tensorflow/tfjs-core"
import type { Bijector } from "./bijector.ts"
import { coupling, type Coupled } from "./coupling.ts"
import { rationalQuadraticSpline } from "./rationalQuadraticSpline.ts"

/**
 * The coupling of neural spline flows: the active part goes by component through monotone rational-quadratic splines whose knots the
 * conditioner gives, as a tensor [active, 3·bins − 1] (see `rationalQuadraticSpline`).
 *
 * @see Durkan, Bekasov, Murray & Papamakarios 2019, "Neural Spline Flows", section 3.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs-core"
 * import { splineCoupling } from "pushforward/bijectors"
 *
 * splineCoupling({ size: 2, conditioner: (x) => tf.outerProduct(tf.reshape(x, [1]), tf.linspace(-1, 1, 23)) })
 *   .forward(tf.tensor([1, 0]))
 *   .value.print()
 * ```
 */
export const splineCoupling = (
  options: Coupled & { readonly bound?: number; readonly conditioner: (passive: tf.Tensor) => tf.Tensor }
): Bijector => coupling("splineCoupling", options, (passive) => rationalQuadraticSpline(options.conditioner(passive), options.bound))
