/** The Gaussian of greatest likelihood, to start from. */
import { ArgumentError } from "../errors.ts"
import type { Start } from "../guide/guide.ts"
import { diagonalFactor } from "./start/curvature.ts"

const meanOf = (data: Float64Array, d: number): Float64Array => {
  const mean = new Float64Array(d)
  for (let k = 0; k < data.length; k++) mean[k % d]! += data[k]!
  return mean.map((sum) => (sum * d) / data.length)
}

/** Row-major, of the points less their mean; the sums are divided by their number. */
const covarianceOf = (data: Float64Array, mean: Float64Array): Float64Array => {
  const d = mean.length
  const n = data.length / d
  const covariance = new Float64Array(d * d)
  const x = new Float64Array(d)
  for (let r = 0; r < n; r++) {
    for (let i = 0; i < d; i++) x[i] = data[r * d + i]! - mean[i]!
    for (let i = 0; i < d; i++) for (let j = 0; j <= i; j++) covariance[i * d + j]! += (x[i]! * x[j]!) / n
  }
  return covariance
}

/** A column whose variance, given those before it, is smaller than this part of its variance is a combination of them. */
const dependent = 1e-10
/** A column whose deviation is smaller than this part of its values is constant but for rounding. */
const negligible = 1e-12

const singular = (argument: string, expected: string, received: string): never => {
  throw new ArgumentError({ argument, expected, received, remedy: "Leave the column out: such points have no density." })
}

/**
 * Mean and Cholesky factor of the covariance of points [n, d]. With no more points than columns, which leave it singular, only the
 * variances are taken. A constant column, or one that is a linear combination of those before it, is an error that names it.
 */
export const gaussianOf = (argument: string, data: Float64Array, d: number): Start => {
  const n = data.length / d
  const mean = meanOf(data, d)
  const covariance = covarianceOf(data, mean)
  for (let i = 0; i < d; i++) {
    const deviation = Math.sqrt(covariance[i * (d + 1)]!)
    if (deviation <= negligible * Math.abs(mean[i]!))
      singular(argument, "columns that vary", `column ${i}, which is ${data[i]} in all ${n} points`)
  }
  if (n <= d) return { shift: mean, scaleTril: diagonalFactor(Float64Array.from(mean, (_, i) => Math.sqrt(covariance[i * (d + 1)]!))) }
  const factor = new Float64Array(d * d)
  for (let i = 0; i < d; i++)
    for (let j = 0; j <= i; j++) {
      let v = covariance[i * d + j]!
      for (let k = 0; k < j; k++) v -= factor[i * d + k]! * factor[j * d + k]!
      if (i === j && !(v > dependent * covariance[i * (d + 1)]!))
        singular(argument, "columns that are linearly independent", `column ${i}, which is a linear combination of those before it`)
      factor[i * d + j] = i === j ? Math.sqrt(v) : v / factor[j * (d + 1)]!
    }
  return { shift: mean, scaleTril: factor }
}
