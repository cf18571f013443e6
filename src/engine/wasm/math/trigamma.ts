import type { Lanes, Vector } from "./lanes.ts"
import { fromNearest, sinOverPi } from "./reflection.ts"
import { inDouble } from "./widen.ts"

/** x³(ψ′(x) − 1/x − 1/(2x²)) in 1/x² for x ≥ `large`. */
interface Coefficients {
  readonly asymptotic: ReadonlyArray<number>
  readonly large: number
}

/** Minimax in the relative error of ψ′, 2⁻²⁸ and 2⁻⁶⁴ (Remez's algorithm). */
const F32: Coefficients = { asymptotic: [0.16666555943975034, -0.03322041189108608, 0.020464850670466297], large: 4 }
const F64: Coefficients = {
  asymptotic: [
    0.16666666666666635, -0.033333333332843926, 0.023809523557925948, -0.03333326969103564, 0.07574839985484862, -0.2523032287270296,
    1.1213910475102413, -5.480915639731851, 18.698895225584277
  ],
  large: 6
}

/** ψ′(x) for x ≥ 0: the recurrence ψ′(x) = Σ 1/(x + i)² + ψ′(x + n), then the asymptotic series (NIST DLMF 5.15.5, 5.15.8). */
const ofPositive = (m: Lanes, x: Vector): Vector => {
  const { asymptotic, large } = m.pick(F32, F64)
  const small = m.lt(x, large)
  const inverse = m.div(1, x)
  let y = m.add(x, m.and(small, 1))
  // the sum but for its first term, as one fraction
  let top: Vector = m.constant(0)
  let bottom: Vector = m.constant(1)
  for (let step = 1; step < large; step++) {
    const more = m.lt(y, large)
    const square = m.mul(y, y)
    top = m.select(more, m.madd(top, square, bottom), top)
    bottom = m.mul(bottom, m.select(more, square, 1))
    y = m.add(y, m.and(more, 1))
  }
  const r = m.div(1, y)
  const series = m.madd(r, m.madd(r, m.polynomial(m.mul(r, r), asymptotic), 0.5), 1)
  const sum = m.madd(r, series, m.div(top, bottom))
  return m.add(sum, m.and(small, m.mul(inverse, inverse)))
}

/** ψ′(x) = π²/sin² πx − ψ′(1 − x) below 0 (NIST DLMF 5.15.6), in float64 lanes. */
const ofNegative = (m: Lanes, x: Vector): Vector => {
  const r = m.div(1, sinOverPi(m, fromNearest(m, x)).high)
  return m.sub(m.mul(r, r), ofPositive(m, m.sub(1, x)))
}

/** ψ′(x), the derivative of digamma: ∞ at the poles, NaN at −∞. Below 0 float32 goes by way of float64. */
export const trigamma = (m: Lanes, x: Vector): Vector =>
  m.except(m.lt(x, 0), ofPositive(m, x), () => (m.dtype === "f32" ? inDouble(m, ofNegative, x) : ofNegative(m, x)))
