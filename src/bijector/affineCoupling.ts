import type * as tf from "@tensorflow/tfjs-core"
import type { Bijector } from "./bijector.ts"
import { coupling, type Coupled } from "./coupling.ts"
import { scaleShift, type ScaleShift } from "./scaleShift.ts"

/**
 * The coupling of RealNVP: y = (x₁, x₂ · exp(logScale(x₁)) + shift(x₁)). The conditioner gets the passive part and gives `shift` and
 * `logScale` in the active part's shape; it is called once per pass.
 *
 * @see Dinh, Sohl-Dickstein & Bengio 2017, "Density estimation using Real NVP", eq. 4–8.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs-core"
 * import { affineCoupling } from "pushforward/bijectors"
 *
 * affineCoupling({ size: 2, conditioner: (x) => ({ shift: x, logScale: tf.sin(x) }) })
 *   .forward(tf.tensor([0, 1]))
 *   .value.print() // [0, 1]
 * ```
 */
export const affineCoupling = (options: Coupled & { readonly conditioner: (passive: tf.Tensor) => ScaleShift }): Bijector =>
  coupling("affineCoupling", options, (passive) => scaleShift(options.conditioner(passive)))
