import { range } from "../src/graph/shape.ts"
import type { Guide } from "../src/guide/guide.ts"
import { learnableRadial } from "../src/learnable/index.ts"
import { layeredFlow } from "./layeredFlow.ts"

export interface RadialFlowOptions {
  /** How many radial maps; by default 16. */
  readonly layers?: number
  /** Widths of the hidden layers of the networks that take a context to their parameters; by default [32, 32]. */
  readonly hidden?: ReadonlyArray<number>
}

/**
 * A flow of radial maps, then a lower triangular affine map.
 *
 * @see Rezende & Mohamed 2015, "Variational Inference with Normalizing Flows", section 4.1.
 *
 * @example
 * ```ts
 * import { radialFlow } from "pushforward/guides"
 *
 * console.log(radialFlow({ layers: 32 }).name)
 * ```
 */
export const radialFlow = ({ layers = 16, ...options }: RadialFlowOptions = {}): Guide => ({
  name: "radial flow",
  flow: (start, context = 0) => layeredFlow(start, context, (o) => range(layers).map(() => learnableRadial({ ...options, ...o })))
})
