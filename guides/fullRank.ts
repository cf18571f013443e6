import type { Guide } from "../src/guide/guide.ts"
import { learnableTriangularAffine } from "../src/learnable/index.ts"
import { matrixOf } from "./matrix.ts"

/**
 * A Gaussian with any covariance, in unconstrained space: ADVI's full-rank family. It starts as the Laplace approximation.
 *
 * @see Kucukelbir et al. 2017, "Automatic Differentiation Variational Inference", section 2.4.
 *
 * @example
 * ```ts
 * import { fullRank } from "pushforward/guides"
 *
 * console.log(fullRank().name)
 * ```
 */
export const fullRank = (): Guide => ({
  name: "full rank",
  flow: ({ shift, scaleTril }) => learnableTriangularAffine({ shift, scaleTril: matrixOf(scaleTril, shift.length) })
})
