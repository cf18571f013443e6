import type { Guide } from "../src/guide/guide.ts"
import { learnableInverseAutoregressive } from "../src/learnable/index.ts"
import { layeredFlow, reversing } from "./layeredFlow.ts"
import type { AutoregressiveFlowOptions } from "./maskedAutoregressiveFlow.ts"

/**
 * A flow of inverse autoregressive maps, the order of the coordinates reversed between them, then a lower triangular affine map.
 *
 * Made for guides: a draw with its density is one pass of each network. The density of another point is d passes of each, one after the
 * other, for d coordinates; so is the path derivative, which inverts the draws.
 *
 * @see Kingma et al. 2016, "Improving Variational Inference with Inverse Autoregressive Flow".
 *
 * @example
 * ```ts
 * import { inverseAutoregressiveFlow } from "pushforward/guides"
 *
 * console.log(inverseAutoregressiveFlow({ layers: 2, transform: "spline" }).name)
 * ```
 */
export const inverseAutoregressiveFlow = ({ layers = 4, ...options }: AutoregressiveFlowOptions = {}): Guide => ({
  name: "inverse autoregressive flow",
  flow: (start, context = 0) =>
    layeredFlow(start, context, (o) => reversing(o.size, layers, () => learnableInverseAutoregressive({ ...options, ...o })))
})
