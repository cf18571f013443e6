/** log and log1p. */
import { LN2_HIGH, LN2_LOW } from "./exponential.ts"
import type { Lanes, Operand, Vector } from "./lanes.ts"

/** (log((1+s)/(1−s)) − 2s)/s³ in s², for |s| ≤ 0.1716: minimax in the relative error of the logarithm, 2⁻³⁰ and 2⁻⁵⁹ (Remez's algorithm). */
const F32 = [0.6666677671703027, 0.3997749558651928, 0.2987307301486271]
const F64 = [
  0.6666666666666735, 0.3999999999941109, 0.2857142874326274, 0.22222198475988741, 0.1818356973935439, 0.15313903264534778,
  0.147975074793537
]

interface Decomposed {
  readonly k: Vector
  readonly f: Vector
}

/** A positive normal number as 2ᵏ(1 + f) with ½√2 ≤ 1 + f < √2. */
export const decompose = (m: Lanes, x: Vector): Decomposed => {
  const significand = m.pick(23, 52)
  const low = m.constant(Math.SQRT1_2)
  const shifted = m.intAdd(x, m.intSub(1, low))
  // the exponent's bits, made a number by setting them into the significand of 2²³ or 2⁵²
  const exponent = m.or(m.shrZero(shifted, significand), 2 ** significand)
  const fraction = m.intAdd(m.and(shifted, m.bits(2 ** significand - 1)), low)
  return { k: m.sub(exponent, 2 ** significand + m.pick(127, 1023)), f: m.sub(fraction, 1) }
}

/** The same for any positive number: subnormal ones are scaled first. */
export const decomposeAny = (m: Lanes, x: Vector): Decomposed => {
  const bits = m.pick(24, 54)
  const subnormal = m.lt(x, m.pick(2 ** -126, 2 ** -1022))
  const { k, f } = decompose(m, m.select(subnormal, m.mul(x, 2 ** bits), x))
  return { k: m.sub(k, m.and(subnormal, bits)), f }
}

/**
 * k log 2 + log(1 + f) + c with s = f/(2+f): log(1 + f) = 2s + s³R(s²) = f − (f²/2 − s(f²/2 + s²R(s²))), whose first term is exact and the only
 * large one (the arrangement of fdlibm's `log`).
 */
export const logOf = (m: Lanes, k: Vector, f: Vector, c: Operand = 0): Vector => {
  const s = m.div(f, m.add(f, 2))
  const z = m.mul(s, s)
  const half = m.mul(0.5, m.mul(f, f))
  const inner = m.mul(s, m.madd(z, m.polynomial(z, m.pick(F32, F64)), half))
  const low = m.madd(k, LN2_LOW[m.dtype], c)
  return m.madd(k, LN2_HIGH[m.dtype], m.sub(f, m.sub(half, m.add(inner, low))))
}

/** log at 0, ∞, below 0 and of NaN. */
const outside = (m: Lanes, x: Vector): Vector => m.select(m.eq(x, 0), -Infinity, m.select(m.lt(x, 0), NaN, m.add(x, x)))

const beyond = (m: Lanes, x: Vector): Vector => m.not(m.and(m.gt(x, 0), m.lt(x, Infinity)))

/** log x. */
export const log = (m: Lanes, x: Vector): Vector => {
  const { k, f } = decomposeAny(m, x)
  return m.except(beyond(m, x), logOf(m, k, f), () => outside(m, x))
}

/** log(1 + x) for a finite x > −1: log u + c/u where u + c = 1 + x exactly. */
const log1pInside = (m: Lanes, x: Vector, u: Vector): Vector => {
  const part = m.sub(u, 1)
  const c = m.add(m.sub(1, m.sub(u, part)), m.sub(x, part))
  const { k, f } = decompose(m, u)
  return m.or(logOf(m, k, f, m.div(c, u)), m.sign(x))
}

/** log(1 + x). */
export const log1p = (m: Lanes, x: Vector): Vector => {
  const u = m.add(x, 1)
  return m.except(beyond(m, u), log1pInside(m, x, u), () => outside(m, u))
}
