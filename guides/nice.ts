import type { Guide } from "../src/guide/guide.ts"
import { learnableAdditiveCoupling } from "../src/learnable/index.ts"
import { couplingFlow } from "./couplingFlow.ts"

export interface NICEOptions {
  /** How many couplings; by default 8. */
  readonly couplings?: number
  /** Widths of the hidden layers of each conditioner; by default [32, 32]. */
  readonly hidden?: ReadonlyArray<number>
}

/**
 * A flow of additive couplings, which keep volumes, then a lower triangular affine map, in which all the scales are.
 *
 * @see Dinh, Krueger & Bengio 2015, "NICE: Non-linear Independent Components Estimation".
 *
 * @example
 * ```ts
 * import { nice } from "pushforward/guides"
 *
 * console.log(nice({ couplings: 4 }).name)
 * ```
 */
export const nice = ({ couplings = 8, ...options }: NICEOptions = {}): Guide => ({
  name: "NICE",
  flow: (start, context = 0) => couplingFlow(start, context, couplings, (o) => learnableAdditiveCoupling({ ...options, ...o }))
})
