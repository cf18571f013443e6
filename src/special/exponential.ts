/** exp and expm1, by operations that IEEE 754 rounds correctly: the same bits everywhere, within 0.7 and 1.1 ulp. */
import { powerOfTwo, scale } from "./binary64.ts"

/** log 2 in two parts, the first with so few bits that its products with exponents are exact. */
export const LN2_HIGH = 0.6931471803691238
export const LN2_LOW = 1.9082149292705877e-10

/** Beyond, eˣ is ∞ or 0. */
const LARGEST = 710
const LEAST = -746

/** (eʳ − 1 − r)/r² on |r| ≤ ½ log 2: minimax in the relative error of eʳ − 1, 2⁻⁶¹ (Remez's algorithm); even and odd powers apart. */
const quadratic = (r: number, z: number): number => {
  const w = z * z
  const even =
    0.5 +
    z * 0.04166666666666651 +
    w * (0.0013888888888962364 + z * 2.4801587172552223e-5 + w * (2.7557402631932016e-7 + z * 2.087533302453637e-9))
  const odd =
    0.16666666666666677 + z * 0.008333333333321691 + w * (0.00019841269885966255 + z * 2.7557244373867842e-6 + w * 2.5108978989049336e-8)
  return even + r * odd
}

/** exp(x + extra) for an `extra` below the last place of x. With x = k log 2 + r, |r| ≤ ½ log 2, it is 2ᵏ eʳ (Cody & Waite 1980). */
export const expOfSum = (x: number, extra: number): number => {
  if (!(x <= LARGEST)) return x > 0 ? Infinity : NaN
  if (x < LEAST) return 0
  const k = Math.floor(x * Math.LOG2E + 0.5)
  const high = x - k * LN2_HIGH
  const low = k * LN2_LOW - extra
  const r = high - low
  const z = r * r
  const sum = 1 + r
  return scale(sum + (r - (sum - 1) + (z * quadratic(r, z) + (high - r - low))), k)
}

/** eˣ. */
export const exp = (x: number): number => expOfSum(x, 0)

/** eˣ − 1 = 2 (2ᵏ⁻¹ (eʳ − 1) + 2ᵏ⁻¹ − ½). */
export const expm1 = (x: number): number => {
  if (!(x <= LARGEST)) return x > 0 ? Infinity : NaN
  if (x < -40) return -1
  if (Math.abs(x) < 2 ** -54) return x
  const k = Math.floor(x * Math.LOG2E + 0.5)
  const high = x - k * LN2_HIGH
  const low = k * LN2_LOW
  const r = high - low
  const z = r * r
  const tail = z * quadratic(r, z) + (high - r - low)
  if (k === 0) return r + tail
  const p = powerOfTwo(k - 1)
  const less = p - 0.5
  const sum = less + p * r
  return 2 * (sum + (p * r - (sum - less) + (p * tail + (p - less - 0.5))))
}
