/** log and log1p, by operations that IEEE 754 rounds correctly: the same bits everywhere, within 0.8 ulp. */
import { exponentOf, powerOfTwo } from "./binary64.ts"
import { LN2_HIGH, LN2_LOW } from "./exponential.ts"

/**
 * k log 2 + log(1 + f) + c with s = f/(2+f): log(1 + f) = 2s + s³R(s²) = f − (f²/2 − s(f²/2 + s²R(s²))), whose first term is exact and the only
 * large one (the arrangement of fdlibm's `log`). R is minimax in the relative error of the logarithm, 2⁻⁵⁹ (Remez's algorithm).
 */
const logOf = (k: number, f: number, c: number): number => {
  const s = f / (2 + f)
  const z = s * s
  const w = z * z
  const even = 0.6666666666666735 + w * (0.2857142874326274 + w * (0.1818356973935439 + w * 0.147975074793537))
  const odd = 0.3999999999941109 + w * (0.22222198475988741 + w * 0.15313903264534778)
  const half = 0.5 * f * f
  return k * LN2_HIGH + (f - (half - (s * (half + z * (even + z * odd)) + (k * LN2_LOW + c))))
}

/** log x. */
export const log = (x: number): number => {
  if (!(x > 0 && x < Infinity)) return x === 0 ? -Infinity : x < 0 ? NaN : x
  if (x < 2 ** -1022) {
    const y = x * 2 ** 54
    const k = exponentOf(y)
    return logOf(k - 54, y * powerOfTwo(-k) - 1, 0)
  }
  const k = exponentOf(x)
  return logOf(k, x * powerOfTwo(-k) - 1, 0)
}

/** log(1 + x) = log u + c/u, where u + c = 1 + x exactly. */
export const log1p = (x: number): number => {
  if (Math.abs(x) < 2 ** -54) return x
  const u = 1 + x
  if (!(u > 0 && u < Infinity)) return log(u)
  const part = u - 1
  const c = 1 - (u - part) + (x - part)
  const k = exponentOf(u)
  return logOf(k, u * powerOfTwo(-k) - 1, c / u)
}
