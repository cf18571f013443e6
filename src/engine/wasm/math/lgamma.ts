import type { Lanes, Vector } from "./lanes.ts"
import { decomposeAny, logOf } from "./logarithm.ts"
import { fromNearest, sinOverPi } from "./reflection.ts"
import { inDouble } from "./widen.ts"

/** log Γ(1.25 + v)/(v − ¾) for 0 ≤ v ≤ 1.25: minimax in the relative error, 2⁻⁶³ (Remez's algorithm). */
const NEAR_TWO = [
  0.13102911522908423, 0.806136751590657, 1.35457149457848, 0.9898683757169728, 0.34994282653667613, 0.05822707428269551,
  0.003890665348943328, 6.603318515946871e-5
]
const NEAR_TWO_OVER = [
  1, 2.504480673702079, 2.430029566819448, 1.1515491550775252, 0.27620943260261277, 0.03138551608626751, 0.0013860370694174697,
  1.3694042351709299e-5
]

/** x(log Γ(x) − (x − ½) log x + x − ½ log 2π) in 1/x² for x ≥ 8: minimax in the relative error of log Γ, 2⁻⁶⁹ (Remez's algorithm). */
const STIRLING = [
  0.08333333333333331, -0.002777777777750351, 0.0007936507795858367, -0.0005952345852189928, 0.0008412723326903576, -0.0018808020460100987,
  0.004885027773191783
]
const LARGE = 8

/** ½ log 2π − ½. */
const SHIFT = 0.4189385332046727

const logOfPositive = (m: Lanes, x: Vector): Vector => {
  const { k, f } = decomposeAny(m, x)
  return logOf(m, k, f)
}

/**
 * log Γ(x) for a positive finite x, in float64 lanes. Up to 8 the recurrence log Γ(x) = log Γ(x − n) + log((x − 1)…(x − n)) leads to 1.25 … 2.5, or
 * from below 1.25 upwards; beyond, Stirling's series (NIST DLMF 5.5.1, 5.11.1). One logarithm and one division serve all lanes.
 */
const ofPositive = (m: Lanes, x: Vector): Vector => {
  const large = m.ge(x, LARGE)
  const below = m.lt(x, 1.25)
  const tiny = m.lt(x, 0.5)
  let y = x
  let product: Vector = m.constant(1)
  for (let step = 2.5; step < LARGE; step++) {
    const more = m.gt(y, 2.5)
    y = m.sub(y, m.and(more, 1))
    product = m.mul(product, m.select(more, y, 1))
  }
  const z = m.select(below, m.select(tiny, x, m.sub(x, 1)), m.sub(y, 2))
  const v = m.add(z, 0.75)
  const lowered = m.select(tiny, m.madd(x, x, x), x)
  const log = logOfPositive(m, m.select(large, x, m.select(below, lowered, product)))
  const inverse = m.div(1, m.select(large, x, m.polynomial(v, NEAR_TWO_OVER)))
  const near = m.madd(m.mul(z, m.polynomial(v, NEAR_TWO)), inverse, m.xor(log, m.and(below, -0)))
  const rest = m.madd(inverse, m.polynomial(m.mul(inverse, inverse), STIRLING), SHIFT)
  return m.select(large, m.madd(m.sub(x, 0.5), m.sub(log, 1), rest), near)
}

/** log |Γ(x)| = −log(|sin πx|/π) − log Γ(1 − x) below 0 (NIST DLMF 5.5.3); ∞ at the poles and at ±∞. */
const inLanes = (m: Lanes, x: Vector): Vector => {
  const negative = m.lt(x, 0)
  const positive = ofPositive(m, m.select(negative, m.sub(1, x), x))
  return m.except(m.not(m.and(m.gt(x, 0), m.lt(x, Infinity))), positive, () => {
    const sine = m.abs(sinOverPi(m, fromNearest(m, x)).high)
    const reflected = m.sub(m.neg(logOfPositive(m, sine)), positive)
    const regular = m.and(m.gt(sine, 0), negative)
    return m.select(regular, reflected, m.select(m.eq(x, x), Infinity, NaN))
  })
}

/** log |Γ(x)|; float32 by way of float64. */
export const lgamma = (m: Lanes, x: Vector): Vector => (m.dtype === "f32" ? inDouble(m, inLanes, x) : inLanes(m, x))
