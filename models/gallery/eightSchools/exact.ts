/**
 * The posterior of eight schools exactly: given tau, all else is normal (Gelman et al. 2013, "Bayesian Data Analysis", section 5.4), and tau
 * is one number.
 */
import type { NDArray } from "pushforward"
import { schools } from "../../eightSchools.ts"

/** Of mu and of tau, a priori. */
const scale = 5

const nodes = 20_000
/** Integration is over the logarithm of tau. */
const [least, greatest] = [Math.log(1e-6), Math.log(1e4)]

const sum = (values: ReadonlyArray<number>): number => values.reduce((total, v) => total + v, 0)

/** Mean and variance of mu given tau, and the log density of the data given tau. */
const givenTau = (tau: number): { readonly mean: number; readonly variance: number; readonly logLikelihood: number } => {
  const variances = schools.sigma.map((s) => s ** 2 + tau ** 2)
  const precision = 1 / scale ** 2 + sum(variances.map((v) => 1 / v))
  const mean = sum(schools.y.map((y, i) => y / variances[i]!)) / precision
  const logs = sum(variances.map((v) => Math.log(2 * Math.PI * v))) + Math.log(scale ** 2 * precision)
  const squares = sum(schools.y.map((y, i) => y ** 2 / variances[i]!)) - mean ** 2 * precision
  return { mean, variance: 1 / precision, logLikelihood: -0.5 * (logs + squares) }
}

const logHalfCauchy = (tau: number): number => Math.log(2 / (Math.PI * scale)) - Math.log1p((tau / scale) ** 2)

const step = (greatest - least) / (nodes - 1)
const taus = Array.from({ length: nodes }, (_, i) => Math.exp(least + i * step))
/** p(tau, y) d log tau. */
const masses = taus.map((tau) => Math.exp(givenTau(tau).logLikelihood + logHalfCauchy(tau)) * tau * step)
const total = sum(masses)

/** log p(y). */
export const logEvidence = Math.log(total)

/** Independent draws, from uniform and normal numbers: 1 uniform and 9 normal ones each. */
export const exactDraws = (
  uniforms: Float64Array,
  normals: Float64Array
): { readonly mu: NDArray; readonly tau: NDArray; readonly theta: NDArray } => {
  const count = uniforms.length
  const schoolsCount = schools.y.length
  const cumulative = new Float64Array(nodes)
  masses.reduce((before, mass, i) => (cumulative[i] = before + mass / total), 0)
  const [mu, tau, theta] = [new Float64Array(count), new Float64Array(count), new Float64Array(count * schoolsCount)]
  for (let k = 0; k < count; k++) {
    const at = Math.max(
      0,
      cumulative.findIndex((c) => c >= uniforms[k]!)
    )
    const before = at === 0 ? 0 : cumulative[at - 1]!
    const along = at - 0.5 + (uniforms[k]! - before) / (cumulative[at]! - before)
    tau[k] = Math.exp(least + along * step)
    const { mean, variance } = givenTau(tau[k]!)
    mu[k] = mean + Math.sqrt(variance) * normals[k * (schoolsCount + 1)]!
    schools.y.forEach((y, i) => {
      const precision = 1 / schools.sigma[i]! ** 2 + 1 / tau[k]! ** 2
      const centre = (y / schools.sigma[i]! ** 2 + mu[k]! / tau[k]! ** 2) / precision
      theta[k * schoolsCount + i] = centre + normals[k * (schoolsCount + 1) + 1 + i]! / Math.sqrt(precision)
    })
  }
  return { mu: { shape: [count], data: mu }, tau: { shape: [count], data: tau }, theta: { shape: [count, schoolsCount], data: theta } }
}
