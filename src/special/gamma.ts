import { log, log1p } from "./logarithm.ts"
import { polynomial } from "./polynomial.ts"
import { cos, sin } from "./trigonometric.ts"

/** (−1)ᵏ(ζ(k) − 1)/k for k = 2, 3, …: the Taylor coefficients of log Γ(2 + z) beyond the linear one. */
const ZETA = [
  0.32246703342411322, -0.067352301053198095, 0.020580808427784548, -0.0073855510286739853, 0.0028905103307415233, -0.001192753911703261,
  0.00050966952474304242, -0.00022315475845357938, 9.9457512781808534e-5, -4.4926236738133142e-5, 2.0507212775670692e-5,
  -9.4394882752683959e-6, 4.3748667899074878e-6, -2.0392157538013662e-6, 9.5514121304074198e-7, -4.492469198764566e-7,
  2.1207184805554666e-7, -1.00432248239681e-7, 4.7698101693639806e-8, -2.2711094608943165e-8, 1.0838659214896954e-8, -5.1834750419700467e-9,
  2.4836745438024783e-9, -1.1921401405860912e-9, 5.731367241678862e-10, -2.7595228851242331e-10, 1.3304764374244489e-10,
  -6.4229645638381e-11
]

/** 1 − γ with Euler's constant γ. */
const ONE_MINUS_EULER = 0.42278433509846713

const LOG_PI = 1.1447298858494002
const HALF_LOG_TWO_PI = 0.9189385332046728

/** B₂ₖ / (2k(2k−1)), k = 1, 2, …: Stirling's series in 1/x². */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400]

/** B₂ₖ / 2k, k = 1, 2, …: the series of log x − 1/(2x) − ψ(x) in 1/x². */
const DIGAMMA = [1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12, -3617 / 8160]

/** B₂ₖ, k = 1, 2, …: the series of x³(ψ′(x) − 1/x − 1/(2x²)) in 1/x². */
const BERNOULLI = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510]

/** From here on the asymptotic series reach double precision. */
const ASYMPTOTIC = 10

/** log Γ(2 + z) for |z| ≤ 1/2, of full relative precision at its zero z = 0 (NIST DLMF 5.7.3). */
const logGammaNearTwo = (z: number): number => z * (ONE_MINUS_EULER + z * polynomial(z, ZETA))

/** x reduced to [−½, ½] with the same tan πx and, but for the sign, sin πx. */
const reduced = (x: number): number => x - Math.round(x)

/** sin πx, but for its sign. */
const sine = (x: number): number => sin(Math.PI * reduced(x))

/** π cot πx. */
const cotangent = (x: number): number => (Math.PI * cos(Math.PI * reduced(x))) / sine(x)

/**
 * log |Γ(x)|; +∞ at the poles 0, −1, −2, ….
 *
 * Taylor series around 2 (NIST DLMF 5.7.3), recurrence, Stirling's series from 10 (5.11.1) and reflection below 0 (5.5.3). A few ulp for
 * x > 0, around its zeros 1 and 2 as well; of absolute precision around the zeros on the negative axis.
 */
export const lgamma = (x: number): number => {
  if (x <= 0) {
    if (x === -Infinity || Number.isInteger(x)) return Infinity
    return LOG_PI - log(Math.abs(sine(x))) - log(-x) - lgamma(-x)
  }
  if (x < 0.5) return logGammaNearTwo(x) - log1p(x) - log(x)
  if (x < 1.5) return logGammaNearTwo(x - 1) - log(x)
  if (x < ASYMPTOTIC) {
    let y = x
    let product = 1
    while (y > 2.5) product *= --y
    return logGammaNearTwo(y - 2) + log(product)
  }
  return x === Infinity ? Infinity : (x - 0.5) * (log(x) - 1) + (HALF_LOG_TWO_PI - 0.5 + stirlingError(x))
}

/** log Γ(x) − (x − ½) log x + x − ½ log 2π for x > 0: what Stirling's formula leaves (NIST DLMF 5.11.1). */
export const stirlingError = (x: number): number =>
  x < ASYMPTOTIC ? lgamma(x) - (x - 0.5) * log(x) + x - HALF_LOG_TWO_PI : polynomial(1 / (x * x), STIRLING) / x

/**
 * ψ(x) = d/dx log Γ(x); NaN at the poles −1, −2, …, ∓∞ at ±0.
 *
 * Recurrence up to 10 and the asymptotic series (NIST DLMF 5.5.2, 5.11.2), reflection below 0 (5.5.4).
 */
export const digamma = (x: number): number => {
  if (x === 0) return -1 / x
  if (x < 0) return Number.isInteger(x) || x === -Infinity ? NaN : digamma(-x) - 1 / x - cotangent(x)
  if (x === Infinity) return x
  let y = x
  let sum = 0
  while (y < ASYMPTOTIC) sum += 1 / y++
  return log(y) - 0.5 / y - polynomial(1 / (y * y), DIGAMMA) / (y * y) - sum
}

/** ψ′(x); +∞ at the poles 0, −1, …. Recurrence and the asymptotic series (NIST DLMF 5.15.5, 5.15.8), reflection below 0 (5.15.6). */
export const trigamma = (x: number): number => {
  if (x <= 0) {
    if (x === -Infinity) return NaN
    const r = sine(x) / Math.PI
    return r === 0 ? Infinity : 1 / (r * r) + 1 / (x * x) - trigamma(-x)
  }
  let y = x
  let sum = 0
  while (y < ASYMPTOTIC) {
    sum += 1 / (y * y)
    y++
  }
  const inverse = 1 / y
  return sum + inverse * (1 + inverse * (0.5 + inverse * polynomial(inverse * inverse, BERNOULLI)))
}
