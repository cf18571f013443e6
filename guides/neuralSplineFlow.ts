import type { Guide } from "../src/guide/guide.ts"
import { learnableSplineCoupling } from "../src/learnable/index.ts"
import { couplingFlow } from "./couplingFlow.ts"

export interface NeuralSplineFlowOptions {
  /** How many couplings; by default 4. */
  readonly couplings?: number
  /** Widths of the hidden layers of each conditioner; by default [32, 32]. */
  readonly hidden?: ReadonlyArray<number>
  /** Bins of each spline; by default 8. */
  readonly bins?: number
  /** The splines act on [−bound, bound] in whitened space and straight lines beyond; by default 5. */
  readonly bound?: number
}

/**
 * A flow of rational-quadratic spline couplings, then a lower triangular affine map.
 *
 * @see Durkan, Bekasov, Murray & Papamakarios 2019, "Neural Spline Flows".
 *
 * @example
 * ```ts
 * import { neuralSplineFlow } from "pushforward/guides"
 *
 * console.log(neuralSplineFlow({ bins: 12 }).name)
 * ```
 */
export const neuralSplineFlow = ({ couplings = 4, ...options }: NeuralSplineFlowOptions = {}): Guide => ({
  name: "neural spline flow",
  flow: (start, context = 0) => couplingFlow(start, context, couplings, (o) => learnableSplineCoupling({ ...options, ...o }))
})
