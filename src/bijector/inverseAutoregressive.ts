import type { Bijector } from "./bijector.ts"
import { invert } from "./invert.ts"
import { makeBijector } from "./make.ts"
import { autoregressive, type Autoregressive } from "./maskedAutoregressive.ts"

/**
 * The map of inverse autoregressive flows: yᵢ = g(xᵢ; x₁ … xᵢ₋₁), by component through the bijector that the conditioner makes of x. It is
 * the mirror of `maskedAutoregressive`: forward, and so a draw, is one pass of the conditioner; the inverse, and so the density of a point
 * that it has not drawn, is `size` passes one after the other, compiled as a loop.
 *
 * @see Kingma et al. 2016, "Improving Variational Inference with Inverse Autoregressive Flow", section 3.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs-core"
 * import { elementwiseAffine, inverseAutoregressive } from "pushforward/bijectors"
 *
 * const sums = inverseAutoregressive({
 *   size: 3,
 *   conditioner: (x) => elementwiseAffine(tf.cumsum(x, 0, true), 1)
 * })
 * sums.forward(tf.tensor([1, 1, 1])).value.print() // [1, 2, 3]
 * ```
 */
export const inverseAutoregressive = ({ size, conditioner }: Autoregressive): Bijector => {
  const name = "inverseAutoregressive"
  return makeBijector({ ...invert(autoregressive(name, { size, conditioner: (x) => invert(conditioner(x)) })), name })
}
