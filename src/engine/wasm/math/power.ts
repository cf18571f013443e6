import type { Pair } from "./exact.ts"
import { fastSum, twoProduct } from "./exact.ts"
import { expOfModerate, LN2_HIGH, LN2_LOW, reduce, scale } from "./exponential.ts"
import type { Lanes, Vector } from "./lanes.ts"
import { decompose, decomposeAny, logOf } from "./logarithm.ts"
import { inDouble } from "./widen.ts"

/** (log((1+s)/(1−s)) − 2s − ⅔s³)/s⁵ in s², for |s| ≤ 0.1716: minimax, 2⁻⁶⁶ of the logarithm (Remez's algorithm). */
const FIFTH = [
  0.4000000000000227, 0.285714285700919, 0.22222222521352794, 0.18181784237159182, 0.15386763525675287, 0.13256668987459014,
  0.13197748682524857
]

/** ⅔ in two parts. */
const TWO_THIRDS = [0.6666666666666666, 3.700743415417188e-17] as const

/** log of a positive number, to some 65 bits: k log 2 + 2s + ⅔s³ + … with s = f/(2 + f), all of it but the fifth power in pairs. */
const longLog = (m: Lanes, x: Vector): Pair => {
  const { k, f } = decomposeAny(m, x)
  const d = fastSum(m, m.constant(2), f)
  const s = m.div(f, d.high)
  const sd = twoProduct(m, s, d.high)
  const sLow = m.div(m.nmadd(s, d.low, m.sub(m.sub(f, sd.high), sd.low)), d.high)

  const square = twoProduct(m, s, s)
  const z = square.high
  const zLow = m.madd(m.add(s, s), sLow, square.low)
  const third = fastSum(m, m.constant(TWO_THIRDS[0]), m.madd(z, m.polynomial(z, FIFTH), TWO_THIRDS[1]))
  const cube = twoProduct(m, z, s)
  const cubeLow = m.madd(zLow, s, m.madd(z, sLow, cube.low))
  const term = twoProduct(m, cube.high, third.high)
  const termLow = m.madd(cubeLow, third.high, m.madd(cube.high, third.low, term.low))

  const first = fastSum(m, m.mul(k, LN2_HIGH.f64), m.add(s, s))
  const both = fastSum(m, first.high, term.high)
  const low = m.add(m.add(first.low, both.low), m.add(m.madd(2, sLow, termLow), m.mul(k, LN2_LOW.f64)))
  return fastSum(m, both.high, low)
}

/** aᵇ for positive finite a and finite b, by a logarithm of more than double precision: b multiplies its error. */
const ofPositive = (m: Lanes, a: Vector, b: Vector): Vector => {
  const log = longLog(m, a)
  const product = twoProduct(m, b, log.high)
  const low = m.and(m.lt(m.abs(product.high), 1000), m.madd(b, log.low, product.low))
  const { k, r, tail } = reduce(m, m.atMost(m.atLeast(product.high, -746), 710), low)
  return scale(m, m.add(m.add(r, tail), 1), k)
}

/** The same for float32 lanes made double: a logarithm of double precision is enough, and what is above and below float32's range comes back as ∞ and 0. */
const ofPositiveSingle = (d: Lanes, a: Vector, b: Vector): Vector => {
  const { k, f } = decompose(d, a)
  return expOfModerate(d, d.atMost(d.atLeast(d.mul(b, logOf(d, k, f)), -200), 200))
}

/** |a|ᵇ where |a| is 0 or ∞, or b infinite, or one of them NaN; NaN for 1 to an infinite power, as in ECMAScript. */
const ofExtremes = (m: Lanes, a: Vector, b: Vector): Vector => {
  const growth = m.mul(b, m.sub(a, 1))
  return m.select(m.gt(growth, 0), Infinity, m.select(m.lt(growth, 0), 0, m.sub(growth, growth)))
}

/** aᵇ with the special cases of ECMAScript's `Math.pow`. */
export const pow = (m: Lanes, a: Vector, b: Vector): Vector => {
  const size = m.abs(a)
  const ordinary = m.dtype === "f32" ? inDouble(m, ofPositiveSingle, size, b) : ofPositive(m, size, b)
  const inside = m.and(m.and(m.gt(size, 0), m.lt(size, Infinity)), m.lt(m.abs(b), Infinity))
  const magnitude = m.except(m.not(inside), ordinary, () => ofExtremes(m, size, b))
  const signed = m.except(m.lt(m.or(m.sign(a), 1), 0), magnitude, () => {
    const half = m.mul(b, 0.5)
    const even = m.eq(m.floor(half), half)
    const whole = m.eq(m.floor(b), b)
    const fractional = m.andNot(m.and(m.lt(a, 0), m.gt(a, -Infinity)), whole)
    return m.select(fractional, NaN, m.or(magnitude, m.and(m.andNot(whole, even), -0)))
  })
  return m.select(m.eq(b, 0), 1, signed)
}
