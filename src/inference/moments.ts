/** The Gaussian of greatest likelihood, to start from. */
import { ArgumentError } from "../errors.ts"
import type { Start } from "../guide/guide.ts"
import { diagonalFactor } from "./start/curvature.ts"
import { factored } from "./start/matrix.ts"

const meanOf = (data: Float64Array, d: number): Float64Array => {
  const mean = new Float64Array(d)
  for (let k = 0; k < data.length; k++) mean[k % d]! += data[k]!
  return mean.map((sum) => (sum * d) / data.length)
}

/** The largest distance from the mean in each column: units in which squares neither overflow nor vanish. */
const spreadOf = (data: Float64Array, mean: Float64Array): Float64Array => {
  const spread = new Float64Array(mean.length)
  data.forEach((x, k) => {
    const j = k % mean.length
    spread[j] = Math.max(spread[j]!, Math.abs(x - mean[j]!))
  })
  return spread
}

/** The lower triangle, row-major, in units of `spread`; the sums are divided by the number of points. */
const covarianceOf = (data: Float64Array, mean: Float64Array, spread: Float64Array): Float64Array => {
  const d = mean.length
  const n = data.length / d
  const covariance = new Float64Array(d * d)
  const x = new Float64Array(d)
  for (let r = 0; r < n; r++) {
    for (let i = 0; i < d; i++) x[i] = (data[r * d + i]! - mean[i]!) / spread[i]!
    for (let i = 0; i < d; i++) for (let j = 0; j <= i; j++) covariance[i * d + j]! += (x[i]! * x[j]!) / n
  }
  return covariance
}

/** A column whose variance, given those before it, is smaller than this part of its variance is a combination of them. */
const dependent = 1e-10
/** A column whose spread is no larger than this part of its values is constant but for rounding. */
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
  const spread = spreadOf(data, mean)
  const constant = spread.findIndex((s, j) => s <= negligible * Math.abs(mean[j]!))
  if (constant >= 0) singular(argument, "columns that vary", `column ${constant}, which is ${data[constant]} in all ${n} points`)
  const covariance = covarianceOf(data, mean, spread)
  if (n <= d) {
    return { shift: mean, scaleTril: diagonalFactor(spread.map((s, i) => s * Math.sqrt(covariance[i * (d + 1)]!))) }
  }
  const factor = factored(covariance, d, dependent)
  if (typeof factor === "number") {
    return singular(argument, "columns that are linearly independent", `column ${factor}, which is a linear combination of those before it`)
  }
  return { shift: mean, scaleTril: factor.map((v, k) => v * spread[Math.floor(k / d)]!) }
}
