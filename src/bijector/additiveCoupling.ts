import type * as tf from "@tensorflow/tfjs-core"
import type { Bijector } from "./bijector.ts"
import { coupling, type Coupled } from "./coupling.ts"
import { elementwiseAffine } from "./elementwiseAffine.ts"

/**
 * The coupling of NICE: y = (x₁, x₂ + shift(x₁)). The conditioner gets the passive part and gives a shift in the active part's shape. It
 * keeps volumes: the log-determinant is 0.
 *
 * @see Dinh, Krueger & Bengio 2015, "NICE: Non-linear Independent Components Estimation", section 3.2.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs-core"
 * import { additiveCoupling } from "pushforward/bijectors"
 *
 * additiveCoupling({ size: 2, conditioner: (x) => tf.square(x) })
 *   .forward(tf.tensor([3, 1]))
 *   .value.print() // [3, 10]
 * ```
 */
export const additiveCoupling = (options: Coupled & { readonly conditioner: (passive: tf.Tensor) => tf.Tensor }): Bijector =>
  coupling("additiveCoupling", options, (passive) => elementwiseAffine(options.conditioner(passive), 1))
