import { stopGradient } from "../math/index.ts"
import type { Learnable, TensorParams } from "./learnable.ts"
import { mapTree } from "./tree.ts"

/**
 * The same learnable, whose parameters stay as they are: they stand in the tree and are saved with it, and no gradient reaches them.
 *
 * @example
 * ```ts
 * import { frozen, mlp } from "pushforward/learnables"
 *
 * const decoder = frozen(mlp({ inputs: 2, outputs: 10 }))
 * ```
 */
export const frozen = <A, Context>(learnable: Learnable<A, Context>): Learnable<A, Context> => ({
  name: learnable.name,
  init: learnable.init,
  build: (params, context) =>
    learnable.build(
      mapTree(params, (leaf): TensorParams => stopGradient(leaf)),
      context
    )
})
