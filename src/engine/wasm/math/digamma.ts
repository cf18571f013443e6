import type { Pair } from "./exact.ts"
import { twoProduct, twoSum } from "./exact.ts"
import type { Lanes, Vector } from "./lanes.ts"
import { decompose, logOf } from "./logarithm.ts"
import { cosPi, fromNearest, sinOverPi } from "./reflection.ts"
import { inDouble } from "./widen.ts"

/** The positive zero of ψ, in two parts. */
const ZERO = [1.4616321449683622, 9.549995429965697e-17] as const

/** ψ(1 + z)/(1 + z − zero) for 0 ≤ z ≤ 1: minimax in the relative error, 2⁻⁶⁶ (Remez's algorithm). */
const NEAR = [
  1.2503801375034054, 1.87000232157471, 0.9743376515602288, 0.21768072758328222, 0.02017935496087864, 0.0005912140948625451,
  1.1203145226321765e-6
]
const NEAR_OVER = [
  1, 2.1790938615010402, 1.6669542104092645, 0.5736312667955611, 0.09182472139768533, 0.006176520079953985, 0.00012271926547583706
]

/** x²(log x − 1/(2x) − ψ(x)) in 1/x² for x ≥ 8: minimax in the relative error of ψ, 2⁻⁶⁶ (Remez's algorithm). */
const ASYMPTOTIC = [
  0.08333333333333309, -0.008333333332976756, 0.003968253779984452, -0.004166618592625066, 0.007569075598442948, -0.02057063618597136,
  0.0612070052331624
]
const LARGE = 8

/**
 * ψ(x) for a positive finite x, in float64 lanes: the recurrence ψ(x) = ψ(x − n) + Σ 1/(x − i) leads to 1 … 2, where the zero is a factor;
 * from 8 on the asymptotic series (NIST DLMF 5.5.2, 5.11.2).
 */
const ofPositive = (m: Lanes, x: Vector): Vector => {
  const below = m.lt(x, 1)
  let y = m.add(x, m.and(below, 1))
  // the sum as one fraction
  let top: Vector = m.and(below, -1)
  let bottom: Vector = m.select(below, x, 1)
  for (let step = 2; step < LARGE; step++) {
    const more = m.ge(y, 2)
    y = m.sub(y, m.and(more, 1))
    top = m.select(more, m.madd(top, y, bottom), top)
    bottom = m.mul(bottom, m.select(more, y, 1))
  }
  const z = m.sub(y, 1)
  const away = m.sub(m.sub(y, ZERO[0]), ZERO[1])
  const near = m.div(m.mul(away, m.polynomial(z, NEAR)), m.polynomial(z, NEAR_OVER))
  return m.except(m.ge(x, LARGE), m.add(near, m.div(top, bottom)), () => {
    const inverse = m.div(1, x)
    const { k, f } = decompose(m, x)
    const series = m.madd(inverse, m.polynomial(m.mul(inverse, inverse), ASYMPTOTIC), 0.5)
    return m.nmadd(inverse, series, logOf(m, k, f))
  })
}

/** a − b/c without the rounding of the quotient, which the difference would magnify. */
const minus = (m: Lanes, a: Vector, b: Pair, c: Pair): Vector => {
  const quotient = m.div(b.high, c.high)
  const product = twoProduct(m, quotient, c.high)
  const left = m.add(m.sub(m.sub(b.high, product.high), product.low), m.nmadd(quotient, c.low, b.low))
  const difference = twoSum(m, a, m.neg(quotient))
  return m.add(difference.high, m.sub(difference.low, m.div(left, c.high)))
}

/** ψ(x) = ψ(1 − x) − π cot πx below 0 (NIST DLMF 5.5.4); NaN at the poles but ∓∞ at ±0. */
const inLanes = (m: Lanes, x: Vector): Vector => {
  const negative = m.lt(x, 0)
  const positive = ofPositive(m, m.select(negative, m.sub(1, x), x))
  return m.except(m.not(m.and(m.ge(x, 0), m.lt(x, Infinity))), positive, () => {
    const s = fromNearest(m, x)
    const reflected = minus(m, positive, cosPi(m, s), sinOverPi(m, s))
    return m.select(m.and(negative, m.ne(s, 0)), reflected, m.select(negative, NaN, m.add(x, x)))
  })
}

/** ψ(x) = d/dx log Γ(x); float32 by way of float64. */
export const digamma = (m: Lanes, x: Vector): Vector => (m.dtype === "f32" ? inDouble(m, inLanes, x) : inLanes(m, x))
