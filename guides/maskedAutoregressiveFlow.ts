import type { Guide } from "../src/guide/guide.ts"
import { learnableMaskedAutoregressive } from "../src/learnable/index.ts"
import { layeredFlow, reversing } from "./layeredFlow.ts"

export interface AutoregressiveFlowOptions {
  /** How many autoregressive maps; by default 4. */
  readonly layers?: number
  /** Widths of the hidden layers of each MADE; by default [32, 32]. */
  readonly hidden?: ReadonlyArray<number>
  /** How each component is mapped; by default `affine`. */
  readonly transform?: "affine" | "spline"
  /** Bins of each spline; by default 8. */
  readonly bins?: number
  /** The splines act on [−bound, bound] in whitened space and straight lines beyond; by default 5. */
  readonly bound?: number
}

/**
 * A flow of masked autoregressive maps, the order of the coordinates reversed between them, then a lower triangular affine map.
 *
 * Made for densities of points: one pass of each network. A draw is d passes of each, one after the other, for d coordinates, and so is
 * its gradient; as a guide it costs about d times what `inverseAutoregressiveFlow` does.
 *
 * @see Papamakarios, Pavlakou & Murray 2017, "Masked Autoregressive Flow for Density Estimation".
 *
 * @example
 * ```ts
 * import { maskedAutoregressiveFlow } from "pushforward/guides"
 *
 * console.log(maskedAutoregressiveFlow({ layers: 5, hidden: [64, 64] }).name)
 * ```
 */
export const maskedAutoregressiveFlow = ({ layers = 4, ...options }: AutoregressiveFlowOptions = {}): Guide => ({
  name: "masked autoregressive flow",
  flow: (start, context = 0) =>
    layeredFlow(start, context, (o) => reversing(o.size, layers, () => learnableMaskedAutoregressive({ ...options, ...o })))
})
