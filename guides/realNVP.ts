import type * as tf from "@tensorflow/tfjs-core"
import type { Guide } from "../src/guide/guide.ts"
import { learnableAffineCoupling } from "../src/learnable/index.ts"
import { couplingFlow } from "./couplingFlow.ts"

export interface RealNVPOptions {
  /** How many couplings; by default 8. */
  readonly couplings?: number
  /** Widths of the hidden layers of each conditioner; by default [32, 32]. */
  readonly hidden?: ReadonlyArray<number>
  /** From an output of a conditioner to the logarithm of a scale; see `learnableAffineCoupling`. */
  readonly logScale?: (r: tf.Tensor) => tf.Tensor
}

/**
 * A flow of affine couplings, then a lower triangular affine map.
 *
 * @see Dinh, Sohl-Dickstein & Bengio 2017, "Density estimation using Real NVP"; as a guide, Agrawal, Sheldon & Domke 2020.
 *
 * @example
 * ```ts
 * import { realNVP } from "pushforward/guides"
 *
 * console.log(realNVP({ couplings: 6 }).name)
 * ```
 */
export const realNVP = ({ couplings = 8, ...options }: RealNVPOptions = {}): Guide => ({
  name: "RealNVP",
  flow: (start, context = 0) => couplingFlow(start, context, couplings, (o) => learnableAffineCoupling({ ...options, ...o }))
})
