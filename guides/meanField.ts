import { learnableElementwiseAffine } from "../src/learnable/index.ts"
import type { Guide } from "../src/guide/guide.ts"

/** Standard deviations of each coordinate given all others, from a lower triangular factor L of the covariance: 1/√(L⁻ᵀ L⁻¹)ⱼⱼ. */
const conditionalScales = (factor: Float64Array, d: number): Float64Array => {
  const precision = new Float64Array(d)
  for (let j = 0; j < d; j++) {
    const column = new Float64Array(d)
    for (let i = j; i < d; i++) {
      let v = i === j ? 1 : 0
      for (let k = j; k < i; k++) v -= factor[i * d + k]! * column[k]!
      column[i] = v / factor[i * d + i]!
      precision[j]! += column[i]! * column[i]!
    }
  }
  return precision.map((p) => 1 / Math.sqrt(p))
}

/**
 * A Gaussian with independent coordinates, in unconstrained space: ADVI's mean-field family. It underestimates the spread of whatever is
 * correlated.
 *
 * @see Kucukelbir et al. 2017, "Automatic Differentiation Variational Inference", section 2.4.
 *
 * @example
 * ```ts
 * import { meanField } from "pushforward/guides"
 *
 * console.log(meanField().name)
 * ```
 */
export const meanField = (): Guide => ({
  name: "mean field",
  flow: ({ shift, scaleTril }) => learnableElementwiseAffine({ shift, scale: conditionalScales(scaleTril, shift.length) })
})
