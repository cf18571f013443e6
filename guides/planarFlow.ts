import { range } from "../src/graph/shape.ts"
import type { Guide } from "../src/guide/guide.ts"
import { learnablePlanar } from "../src/learnable/index.ts"
import { layeredFlow } from "./layeredFlow.ts"

export interface PlanarFlowOptions {
  /** How many planar maps; by default 16. */
  readonly layers?: number
  /** Widths of the hidden layers of the networks that take a context to their parameters; by default [32, 32]. */
  readonly hidden?: ReadonlyArray<number>
}

/**
 * A flow of planar maps, then a lower triangular affine map. A draw is cheap; a density, and the path derivative, searches one root a
 * layer, of a number, in 15 steps.
 *
 * @see Rezende & Mohamed 2015, "Variational Inference with Normalizing Flows", section 4.1.
 *
 * @example
 * ```ts
 * import { planarFlow } from "pushforward/guides"
 *
 * console.log(planarFlow({ layers: 32 }).name)
 * ```
 */
export const planarFlow = ({ layers = 16, ...options }: PlanarFlowOptions = {}): Guide => ({
  name: "planar flow",
  flow: (start, context = 0) => layeredFlow(start, context, (o) => range(layers).map(() => learnablePlanar({ ...options, ...o })))
})
