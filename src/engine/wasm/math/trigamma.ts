import type { Lanes, Vector } from "./lanes.ts"
import { fromNearest, sinOverPi } from "./reflection.ts"
import { inDouble } from "./widen.ts"

/** x³(ψ′(x) − 1/x − 1/(2x²)) in 1/x² for x ≥ 8: minimax in the relative error of ψ′, 2⁻⁶¹ (Remez's algorithm). */
const ASYMPTOTIC = [
  0.16666666666666402, -0.033333333328945294, 0.023809521335133282, -0.03333266968328502, 0.07566164941962368, -0.24536220884149118,
  0.8273998510937801
]
const LARGE = 8

/** ψ′(x) for x ≥ 0, in float64 lanes: the recurrence ψ′(x) = Σ 1/(x + i)² + ψ′(x + n), then the asymptotic series (NIST DLMF 5.15.5, 5.15.8). */
const ofPositive = (m: Lanes, x: Vector): Vector => {
  const small = m.lt(x, LARGE)
  const inverse = m.div(1, x)
  let y = m.add(x, m.and(small, 1))
  // the sum but for its first term, as one fraction
  let top: Vector = m.constant(0)
  let bottom: Vector = m.constant(1)
  for (let step = 1; step < LARGE; step++) {
    const more = m.lt(y, LARGE)
    const square = m.mul(y, y)
    top = m.select(more, m.madd(top, square, bottom), top)
    bottom = m.mul(bottom, m.select(more, square, 1))
    y = m.add(y, m.and(more, 1))
  }
  const r = m.div(1, y)
  const series = m.madd(r, m.madd(r, m.polynomial(m.mul(r, r), ASYMPTOTIC), 0.5), 1)
  const sum = m.madd(r, series, m.div(top, bottom))
  return m.add(sum, m.and(small, m.mul(inverse, inverse)))
}

/** ψ′(x) = π²/sin² πx − ψ′(1 − x) below 0 (NIST DLMF 5.15.6); ∞ at the poles, NaN at −∞. */
const inLanes = (m: Lanes, x: Vector): Vector => {
  const negative = m.lt(x, 0)
  const positive = ofPositive(m, m.select(negative, m.sub(1, x), x))
  return m.except(negative, positive, () => {
    const r = m.div(1, sinOverPi(m, fromNearest(m, x)).high)
    return m.sub(m.mul(r, r), positive)
  })
}

/** ψ′(x), the derivative of digamma; float32 by way of float64. */
export const trigamma = (m: Lanes, x: Vector): Vector => (m.dtype === "f32" ? inDouble(m, inLanes, x) : inLanes(m, x))
