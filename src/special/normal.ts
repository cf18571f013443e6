import { exp } from "./exponential.ts"
import { log, log1p } from "./logarithm.ts"
import { polynomial } from "./polynomial.ts"

const SQRT_HALF = Math.SQRT1_2
const ONE_OVER_SQRT_PI = 0.56418958354775628

/** Rational Chebyshev approximations of Cody (1969), numerators and denominators from the constant term up. */
const ERF_P = [3209.37758913846947, 377.485237685302021, 113.864154151050156, 3.1611237438705656, 0.185777706184603153]
const ERF_Q = [2844.23683343917062, 1282.61652607737228, 244.024637934444173, 23.6012909523441209, 1]
const MID_P = [
  1230.33935479799725, 2051.07837782607147, 1712.04761263407058, 881.95222124176909, 298.635138197400131, 66.1191906371416295,
  8.88314979438837594, 0.564188496988670089, 2.15311535474403846e-8
]
const MID_Q = [
  1230.33935480374942, 3439.36767414372164, 4362.61909014324716, 3290.79923573345963, 1621.38957456669019, 537.181101862009858,
  117.693950891312499, 15.7449261107098347, 1
]
const FAR_P = [
  6.58749161529837803e-4, 0.0160837851487422766, 0.125781726111229246, 0.360344899949804439, 0.305326634961232344, 0.0163153871373020978
]
const FAR_Q = [0.00233520497626869185, 0.0605183413124413191, 0.527905102951428412, 1.87295284992346725, 2.56852019228982242, 1]

/** exp(x²) erfc(x) for x ≥ 0.46875. */
const scaledErfc = (x: number): number => {
  if (x <= 4) return polynomial(x, MID_P) / polynomial(x, MID_Q)
  const y = 1 / (x * x)
  return (ONE_OVER_SQRT_PI - (y * polynomial(y, FAR_P)) / polynomial(y, FAR_Q)) / x
}

/** exp(−cx²) without the rounding of x². */
const gaussian = (x: number, c: number): number => {
  const head = Math.trunc(x * 16) / 16
  return exp(-c * head * head) * exp(-c * (x - head) * (x + head))
}

/** erf(x) = 2/√π ∫₀ˣ exp(−t²) dt. Cody, "Rational Chebyshev approximations for the error function", Math. Comp. 23 (1969). */
export const erf = (x: number): number => {
  const y = Math.abs(x)
  if (y < 0.46875) return (x * polynomial(x * x, ERF_P)) / polynomial(x * x, ERF_Q)
  if (y > 6) return Math.sign(x)
  return Math.sign(x) * (1 - scaledErfc(y) * gaussian(y, 1))
}

/** erfc(x) = 1 − erf(x), of full relative precision in its right tail. Cody (1969). */
export const erfc = (x: number): number => {
  if (x < 0.46875) return x < -0.46875 ? 2 - erfc(-x) : 1 - erf(x)
  return x > 27 ? 0 : scaledErfc(x) * gaussian(x, 1)
}

/** log Φ(x), the logarithm of the standard normal's distribution function, of full relative precision in both tails. */
export const normalLogCdf = (x: number): number => {
  const y = x * SQRT_HALF
  if (y < -0.5) return log(0.5 * scaledErfc(-y)) - 0.5 * x * x
  return y < 0.5 ? log1p(-0.5 * erfc(y)) : x > 40 ? 0 : log1p(-0.5 * scaledErfc(y) * gaussian(x, 0.5))
}

/** Rational approximations of Wichura (1988), AS 241 (PPND16), from the constant term up. */
const CENTRE_P = [
  3.387132872796366608, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125, 45921.953931549871457, 67265.770927008700853,
  33430.575583588128105, 2509.0809287301226727
]
const CENTRE_Q = [
  1, 42.313330701600911252, 687.1870074920579083, 5394.1960214247511077, 21213.794301586595867, 39307.89580009271061, 28729.085735721942674,
  5226.495278852854561
]
const TAIL_P = [
  1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504, 1.27045825245236838258,
  0.24178072517745061177, 0.0227238449892691845833, 7.7454501427834140764e-4
]
const TAIL_Q = [
  1, 2.05319162663775882187, 1.6763848301838038494, 0.68976733498510000455, 0.14810397642748007459, 0.0151986665636164571966,
  5.475938084995344946e-4, 1.05075007164441684324e-9
]
const FAR_TAIL_P = [
  6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358, 0.29656057182850489123, 0.026532189526576123093,
  0.0012426609473880784386, 2.71155556874348757815e-5, 2.01033439929228813265e-7
]
const FAR_TAIL_Q = [
  1, 0.59983220655588793769, 0.13692988092273580531, 0.0148753612908506148525, 7.868691311456132591e-4, 1.8463183175100546818e-5,
  1.4215117583164458887e-7, 2.04426310338993978564e-15
]

/** −Φ⁻¹(p) for 0 < p ≤ 0.075. */
const tailQuantile = (p: number): number => {
  const r = Math.sqrt(-log(p))
  return r <= 5 ? polynomial(r - 1.6, TAIL_P) / polynomial(r - 1.6, TAIL_Q) : polynomial(r - 5, FAR_TAIL_P) / polynomial(r - 5, FAR_TAIL_Q)
}

/** Φ⁻¹(½ + q) for |q| ≤ 0.425. */
const centreQuantile = (q: number): number => {
  const r = 0.180625 - q * q
  return (q * polynomial(r, CENTRE_P)) / polynomial(r, CENTRE_Q)
}

/**
 * Φ⁻¹(p), the quantile of the standard normal; ∓∞ at 0 and 1, NaN outside [0, 1].
 *
 * Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics 37 (1988).
 */
export const normalQuantile = (p: number): number => {
  if (p < 0.075) return p === 0 ? -Infinity : -tailQuantile(p)
  if (p > 0.925) return p === 1 ? Infinity : tailQuantile(1 - p)
  return centreQuantile(p - 0.5)
}

/** The inverse of erf, ±∞ at ±1, NaN outside [−1, 1]: erf⁻¹(x) = Φ⁻¹((1 + x)/2)/√2, of full precision as |x| → 1. Wichura (1988). */
export const erfinv = (x: number): number => {
  const y = Math.abs(x)
  if (y <= 0.85) return centreQuantile(0.5 * x) * SQRT_HALF
  return Math.sign(x) * (y === 1 ? Infinity : tailQuantile(0.5 * (1 - y)) * SQRT_HALF)
}
