/** exp and expm1. */
import type { Lanes, Vector } from "./lanes.ts"

/** log 2 in two parts, the first with so few bits that its products with exponents are exact. */
export const LN2_HIGH = { f32: 0.693145751953125, f64: 0.6931471803691238 }
export const LN2_LOW = { f32: 1.4286068203094172e-6, f64: 1.9082149292705877e-10 }

/** (eʳ − 1 − r)/r² on |r| ≤ ½ log 2: minimax in the relative error of eʳ − 1, 2⁻²⁶ and 2⁻⁶¹ (Remez's algorithm). */
const F32 = [0.4999999815402255, 0.16666543621201874, 0.04166719986478218, 0.008366520549139032, 0.0013882521174636928]
const F64 = [
  0.5, 0.16666666666666677, 0.04166666666666651, 0.008333333333321691, 0.0013888888888962364, 0.00019841269885966255, 2.4801587172552223e-5,
  2.7557244373867842e-6, 2.7557402631932016e-7, 2.5108978989049336e-8, 2.087533302453637e-9
]

/** x = k log 2 + r with an integer k and |r| ≤ ½ log 2. */
export interface Reduced {
  /** A number whose lowest bits are those of k. */
  readonly k: Vector
  readonly r: Vector
  /** eʳ − 1 − r. */
  readonly tail: Vector
}

/** Rounds to integers that fit the significand, and leaves them in its lowest bits. */
export const ROUND = { f32: 1.5 * 2 ** 23, f64: 1.5 * 2 ** 52 }

/** For x + extra, where extra is below the last place of x. */
export const reduce = (m: Lanes, x: Vector, extra?: Vector): Reduced => {
  const round = ROUND[m.dtype]
  const k = m.madd(x, Math.LOG2E, round)
  const integer = m.sub(k, round)
  const high = m.nmadd(integer, LN2_HIGH[m.dtype], x)
  const product = m.mul(integer, LN2_LOW[m.dtype])
  const low = extra === undefined ? product : m.sub(product, extra)
  const r = m.sub(high, low)
  const lost = m.sub(m.sub(high, r), low)
  return { k, r, tail: m.madd(m.mul(r, r), m.polynomial(r, m.pick(F32, F64)), lost) }
}

/** 2ᵏ for the integer in the lowest bits of k. */
const powerOfTwo = (m: Lanes, k: Vector): Vector => m.intAdd(m.shl(k, m.pick(23, 52)), 1)

/** y 2ᵏ, rounded once where the result is subnormal. */
export const scale = (m: Lanes, y: Vector, k: Vector): Vector => {
  const half = m.shrZero(k, 1)
  return m.mul(m.mul(y, powerOfTwo(m, half)), powerOfTwo(m, m.intSub(k, half)))
}

/** eʳ of the remainder, and a number whose lowest bits are those of k + bias: shifted up, they are the bits of 2ᵏ if the bias is the exponent's. */
const split = (m: Lanes, x: Vector, bias: number): { readonly k: Vector; readonly y: Vector } => {
  const round = ROUND[m.dtype] + bias
  const k = m.madd(x, Math.LOG2E, round)
  const integer = m.sub(k, round)
  const r = m.nmadd(integer, LN2_LOW[m.dtype], m.nmadd(integer, LN2_HIGH[m.dtype], x))
  return { k, y: m.add(m.madd(m.mul(r, r), m.polynomial(r, m.pick(F32, F64)), r), 1) }
}

const significand = (m: Lanes): number => m.pick(23, 52)
const bias = (m: Lanes): number => m.pick(127, 1023)

/** eˣ. Reduction by multiples of log 2, then a polynomial; 2ᵏ in two factors, as it may be out of range. */
export const exp = (m: Lanes, x: Vector): Vector => {
  const { k, y } = split(m, m.atMost(m.atLeast(x, m.pick(-104, -746)), m.pick(89, 710)), 2 * bias(m))
  const half = m.shrZero(k, 1)
  return m.mul(m.mul(y, m.shl(half, significand(m))), m.shl(m.intSub(k, half), significand(m)))
}

/** eˣ where it is a normal number: |x| ≤ 87, in float64 708. */
export const expOfModerate = (m: Lanes, x: Vector): Vector => {
  const { k, y } = split(m, x, bias(m))
  return m.mul(y, m.shl(k, significand(m)))
}

/** e^−|x|: 2ᵏ is made larger by a power that takes it out of the subnormal numbers, and back. */
export const decay = (m: Lanes, x: Vector): Vector => {
  const more = significand(m) + 2
  const { k, y } = split(m, m.atLeast(m.or(x, -0), m.pick(-104, -746)), bias(m) + more)
  return m.mul(m.mul(y, m.shl(k, significand(m))), 2 ** -more)
}

/** eˣ − 1 = 2 (2ᵏ⁻¹ (eʳ − 1) + 2ᵏ⁻¹ − ½), which is exact in its parts and neither overflows nor cancels. */
export const expm1 = (m: Lanes, x: Vector): Vector => {
  const { k, r, tail } = reduce(m, m.atMost(m.atLeast(x, m.pick(-20, -40)), m.pick(89, 710)))
  const power = powerOfTwo(m, m.intSub(k, m.bits(1)))
  const result = m.madd(power, m.add(r, tail), m.sub(power, 0.5))
  return m.select(m.lt(m.abs(x), m.pick(2 ** -25, 2 ** -54)), x, m.add(result, result))
}
