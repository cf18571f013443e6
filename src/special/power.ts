import { exponentOf, powerOfTwo } from "./binary64.ts"
import type { Pair } from "./exact.ts"
import { fastSum, twoProduct } from "./exact.ts"
import { expOfSum, LN2_HIGH, LN2_LOW } from "./exponential.ts"

/** ⅔ in two parts. */
const TWO_THIRDS = [0.6666666666666666, 3.700743415417188e-17] as const

/** (log((1+s)/(1−s)) − 2s − ⅔s³)/s⁵ in z = s², for |s| ≤ 0.1716: minimax, 2⁻⁶⁶ of the logarithm (Remez's algorithm). */
const fifth = (z: number): number => {
  const w = z * z
  const even = 0.4000000000000227 + w * (0.22222222521352794 + w * (0.15386763525675287 + w * 0.13197748682524857))
  const odd = 0.285714285700919 + w * (0.18181784237159182 + w * 0.13256668987459014)
  return even + z * odd
}

/** log of a positive number, to some 65 bits: k log 2 + 2s + ⅔s³ + …, all of it but the fifth power in pairs. */
const longLog = (x: number): Pair => {
  const shift = x < 2 ** -1022 ? 54 : 0
  const y = x * powerOfTwo(shift)
  const exponent = exponentOf(y)
  const k = exponent - shift
  const f = y * powerOfTwo(-exponent) - 1

  const d = fastSum(2, f)
  const s = f / d.high
  const sd = twoProduct(s, d.high)
  const sLow = (f - sd.high - sd.low - s * d.low) / d.high

  const square = twoProduct(s, s)
  const z = square.high
  const zLow = 2 * s * sLow + square.low
  const third = fastSum(TWO_THIRDS[0], z * fifth(z) + TWO_THIRDS[1])
  const cube = twoProduct(z, s)
  const cubeLow = zLow * s + (z * sLow + cube.low)
  const term = twoProduct(cube.high, third.high)
  const termLow = cubeLow * third.high + (cube.high * third.low + term.low)

  const first = fastSum(k * LN2_HIGH, 2 * s)
  const both = fastSum(first.high, term.high)
  const low = first.low + both.low + (2 * sLow + termLow + k * LN2_LOW)
  return fastSum(both.high, low)
}

/** aᵇ for positive finite a and finite b, by a logarithm of more than double precision: b multiplies its error. */
const ofPositive = (a: number, b: number): number => {
  if (a === 1) return 1
  // |log a| ≥ 2⁻⁵³
  if (Math.abs(b) > 2 ** 64) return a > 1 === b > 0 ? Infinity : 0
  const log = longLog(a)
  const product = twoProduct(b, log.high)
  return expOfSum(product.high, b * log.low + product.low)
}

/**
 * aᵇ with the special cases of ECMAScript's `Math.pow`, by operations that IEEE 754 rounds correctly: the same bits everywhere, within
 * 0.7 ulp.
 */
export const pow = (a: number, b: number): number => {
  if (b === 0) return 1
  if (a !== a || b !== b) return NaN
  const size = Math.abs(a)
  const inside = size > 0 && size < Infinity && Math.abs(b) < Infinity
  if (a < 0 && inside && Math.floor(b) !== b) return NaN
  const magnitude = inside ? ofPositive(size, b) : size === 1 ? NaN : size > 1 === b > 0 ? Infinity : 0
  return (a < 0 || Object.is(a, -0)) && Math.abs(b % 2) === 1 ? -magnitude : magnitude
}
