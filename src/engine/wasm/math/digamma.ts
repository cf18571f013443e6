import type { Pair } from "./exact.ts"
import { twoProduct, twoSum } from "./exact.ts"
import type { Lanes, Vector } from "./lanes.ts"
import { decompose, logOf } from "./logarithm.ts"
import { cosPi, fromNearest, sinOverPi } from "./reflection.ts"
import { inDouble } from "./widen.ts"

/** ψ(1 + z)/(1 + z − zero) for 0 ≤ z ≤ 1.5, where zero is that of ψ in two parts; x²(log x − 1/(2x) − ψ(x)) in 1/x² for x ≥ `large`. */
interface Coefficients {
  readonly zero: readonly [high: number, low: number]
  readonly near: ReadonlyArray<number>
  readonly nearUnder: ReadonlyArray<number>
  readonly asymptotic: ReadonlyArray<number>
  readonly large: number
}

/** Minimax in the relative error of ψ, 2⁻³² (Remez's algorithm). */
const F32: Coefficients = {
  zero: [1.4616321325302124, 1.243815006546356e-8],
  near: [1.2503801373186227, 1.2040054544064496, 0.25942796353629866, 0.0050524640276111985, -0.00012841279132613323],
  nearUnder: [1, 1.6464583288161865, 0.7311193990046209, 0.0844259746856552],
  asymptotic: [0.083333150929485, -0.008316813675367752, 0.003516982322988111],
  large: 4
}

/** Likewise, 2⁻⁶⁵ and 2⁻⁶⁹. */
const F64: Coefficients = {
  zero: [1.4616321449683622, 9.549995429965697e-17],
  near: [
    1.2503801375034054, 1.92082429122649, 1.045083917015874, 0.2502875071988594, 0.02604446953825863, 0.0009417315024372583,
    3.12456439541345e-6, -2.1652075405815244e-8
  ],
  nearUnder: [
    1, 2.219739076605988, 1.7513169236211805, 0.6329146746728548, 0.10949666362892087, 0.008368800429023058, 0.00020896567074589603
  ],
  asymptotic: [
    0.0833333333333333, -0.008333333333296809, 0.0039682539508776715, -0.004166662523717112, 0.007575188062454297, -0.02104449310619599,
    0.08073071219040924, -0.35390154507635924, 1.124682653124274
  ],
  large: 6
}

/**
 * ψ(x) for a positive finite x: the recurrence ψ(x) = ψ(x − n) + Σ 1/(x − i) leads to 1 … 2.5, where the zero is a factor;
 * from `large` on the asymptotic series (NIST DLMF 5.5.2, 5.11.2).
 */
const ofPositive = (m: Lanes, x: Vector): Vector => {
  const { zero, near, nearUnder, asymptotic, large } = m.pick(F32, F64)
  const below = m.lt(x, 1)
  let y = m.add(x, m.and(below, 1))
  // the sum as one fraction
  let top: Vector = m.and(below, -1)
  let bottom: Vector = m.select(below, x, 1)
  for (let step = 2.5; step < large; step++) {
    const more = m.ge(y, 2.5)
    y = m.sub(y, m.and(more, 1))
    top = m.select(more, m.madd(top, y, bottom), top)
    bottom = m.mul(bottom, m.select(more, y, 1))
  }
  const z = m.sub(y, 1)
  const away = m.sub(m.sub(y, zero[0]), zero[1])
  const small = m.div(m.mul(away, m.polynomial(z, near)), m.polynomial(z, nearUnder))
  return m.except(m.ge(x, large), m.add(small, m.div(top, bottom)), () => {
    const inverse = m.div(1, x)
    const { k, f } = decompose(m, x)
    const series = m.madd(inverse, m.polynomial(m.mul(inverse, inverse), asymptotic), 0.5)
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

/** ψ(x) = ψ(1 − x) − π cot πx below 0 (NIST DLMF 5.5.4), in float64 lanes; NaN at the poles, ∞ at ∞. */
const ofOthers = (m: Lanes, x: Vector): Vector => {
  const s = fromNearest(m, x)
  const reflected = minus(m, ofPositive(m, m.sub(1, x)), cosPi(m, s), sinOverPi(m, s))
  const negative = m.lt(x, 0)
  return m.select(m.and(negative, m.ne(s, 0)), reflected, m.select(negative, NaN, m.add(x, x)))
}

/** ψ(x) = d/dx log Γ(x), ∓∞ at ±0; below 0 float32 goes by way of float64. */
export const digamma = (m: Lanes, x: Vector): Vector => {
  const ordinary = m.and(m.ge(x, 0), m.lt(x, Infinity))
  return m.except(m.not(ordinary), ofPositive(m, x), () => (m.dtype === "f32" ? inDouble(m, ofOthers, x) : ofOthers(m, x)))
}
