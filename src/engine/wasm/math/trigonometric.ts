/** sin and cos. */
import { twoProduct, twoSum } from "./exact.ts"
import { ROUND } from "./exponential.ts"
import { Lanes } from "./lanes.ts"
import type { Vector } from "./lanes.ts"
import { lowWords, narrow, widen } from "./widen.ts"

/** (sin r / r − 1)/r² and (cos r − 1 + r²/2)/r⁴ in r² on |r| ≤ π/4: minimax in the relative errors of sin and cos (Remez's algorithm). */
const F32 = {
  sin: [-0.16666654573163237, 0.008332158410912864, -0.00019514957780516757],
  cos: [0.04166664561886485, -0.00138873130657882, 2.4432785429956668e-5]
}
const F64 = {
  sin: [
    -0.1666666666666663, 0.008333333333322063, -0.00019841269829542634, 2.755731360453632e-6, -2.505074503949108e-8, 1.5896067612528394e-10
  ],
  cos: [
    0.041666666666666595, -0.0013888888888872975, 2.480158728880006e-5, -2.7557314163984396e-7, 2.0875698709508686e-9,
    -1.1358423564685448e-11
  ]
}

interface Reduced {
  /** A number whose lowest bits are those of the multiple of π/2 that was taken off. */
  readonly k: Vector
  readonly r: Vector
}

/** π/2 in three parts, the first two of 33 bits: their products with n < 2²⁰ are exact (Cody & Waite 1980). */
const SHORT_PARTS = [1.5707963267341256, 6.077100506303966e-11, 2.0222662487959506e-21] as const

/** x − nπ/2 for |n| < 2²⁰. */
const remainder = (m: Lanes, x: Vector, n: Vector): Vector => {
  const first = m.nmadd(n, SHORT_PARTS[0], x)
  const second = m.mul(n, SHORT_PARTS[1])
  const difference = m.sub(first, second)
  const lost = m.sub(m.sub(first, difference), second)
  return m.sub(difference, m.sub(m.mul(n, SHORT_PARTS[2]), lost))
}

/** π/2 in three parts of full precision. */
const PARTS = [Math.PI / 2, 6.123233995736766e-17, -1.4973849048591698e-33] as const

/** x − nπ/2 for |n| < 2⁵², by exact products. */
const longRemainder = (m: Lanes, x: Vector, n: Vector): Vector => {
  const first = twoProduct(m, n, PARTS[0])
  const second = twoProduct(m, n, PARTS[1])
  const left = twoSum(m, m.sub(x, first.high), m.neg(first.low))
  const less = twoSum(m, left.high, m.neg(second.high))
  return m.add(less.high, m.add(less.low, m.sub(left.low, m.madd(n, PARTS[2], second.low))))
}

/** x less the nearest multiple of π/2. Beyond 2⁵¹, where float64 skips quarters of a period, NaN. */
const reduceDouble = (m: Lanes, x: Vector): Reduced => {
  const k = m.madd(x, 2 / Math.PI, ROUND.f64)
  const n = m.sub(k, ROUND.f64)
  const size = m.abs(x)
  const r = m.except(m.gt(size, 1e6), remainder(m, x, n), () => m.select(m.gt(size, 2 ** 51), NaN, longRemainder(m, x, n)))
  return { k, r }
}

/** In float32, the reduction is done in float64. */
const reduce = (m: Lanes, x: Vector): Reduced => {
  if (m.dtype === "f64") return reduceDouble(m, x)
  const d = new Lanes(m.f, "f64")
  const [low, high] = widen(m, x)
  const a = reduceDouble(d, low)
  const b = reduceDouble(d, high)
  return { k: lowWords(m, [a.k, b.k]), r: narrow(m, [a.r, b.r]) }
}

/** sin(r + kπ/2): sin r, cos r, −sin r, −cos r for k = 0, 1, 2, 3 mod 4. */
const ofQuadrant = (m: Lanes, k: Vector, r: Vector): Vector => {
  const c = m.pick(F32, F64)
  const z = m.mul(r, r)
  const sine = m.madd(m.mul(r, z), m.polynomial(z, c.sin), r)
  const half = m.mul(0.5, z)
  const rest = m.sub(1, half)
  const lost = m.sub(m.sub(1, rest), half)
  const cosine = m.add(rest, m.madd(m.mul(z, z), m.polynomial(z, c.cos), lost))
  const one = m.bits(1)
  const odd = m.intEq(m.and(k, one), one)
  return m.xor(m.select(odd, cosine, sine), m.shl(m.and(k, m.bits(2)), m.pick(30, 62)))
}

/** sin x, for |x| ≤ 2⁵¹. */
export const sin = (m: Lanes, x: Vector): Vector => {
  const { k, r } = reduce(m, x)
  return m.select(m.eq(x, 0), x, ofQuadrant(m, k, r))
}

/** cos x, for |x| ≤ 2⁵¹. */
export const cos = (m: Lanes, x: Vector): Vector => {
  const { k, r } = reduce(m, x)
  return ofQuadrant(m, m.intAdd(k, m.bits(1)), r)
}
