/** Float64 numbers by their exponents. */

const number = new Float64Array(1)
const words = new Int32Array(number.buffer)

const LEAST = -1074
const POWERS = new Float64Array(1024 - LEAST)
for (let k = 0, p = 1; k < 1024; k++, p *= 2) POWERS[k - LEAST] = p
for (let k = -1, p = 0.5; k >= LEAST; k--, p /= 2) POWERS[k - LEAST] = p

/** 2ᵏ for an integer k from −1074 to 1023. */
export const powerOfTwo = (k: number): number => POWERS[k - LEAST]!

/** y 2ᵏ for an integer |k| ≤ 2000 and a y near 1: rounded once, where the result is subnormal. */
export const scale = (y: number, k: number): number => {
  const half = k >> 1
  return y * powerOfTwo(half) * powerOfTwo(k - half)
}

/** What has to be added to the upper word of a number for its exponent to change at √½ and its doubles. */
const SHIFT = 0x3ff00000 - 0x3fe6a09e

/** The k with √½ ≤ x 2⁻ᵏ < √2, but for the last 32 bits of the bounds, for a positive normal x. */
export const exponentOf = (x: number): number => {
  number[0] = x
  return ((words[1]! + SHIFT) >> 20) - 1023
}
