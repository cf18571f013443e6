import type { Lanes, Vector } from "./lanes.ts"
import { decomposeAny, logOf } from "./logarithm.ts"
import { fromNearest, sinOverPi } from "./reflection.ts"
import { inDouble } from "./widen.ts"

/** log Γ(1.25 + v)/(v − ¾) for 0 ≤ v ≤ 1.25, and x(log Γ(x) − (x − ½) log x + x − ½ log 2π) in 1/x² for x ≥ `large`. */
interface Coefficients {
  readonly near: ReadonlyArray<number>
  readonly nearUnder: ReadonlyArray<number>
  readonly stirling: ReadonlyArray<number>
  readonly large: number
}

/** Minimax in the relative error of log Γ, 2⁻²⁷ (Remez's algorithm). */
const F32: Coefficients = {
  near: [0.13102911609644857, 0.6146981942124999, 0.3725380008570567, 0.040776156389236005],
  nearUnder: [1, 1.043443307951602, 0.2649072056049654, 0.012113877131744548],
  stirling: [0.0833318001828767, -0.002706842920933742],
  large: 4
}

/** Likewise, 2⁻⁶³ and 2⁻⁶⁸. */
const F64: Coefficients = {
  near: [
    0.13102911522908423, 0.806136751590657, 1.35457149457848, 0.9898683757169728, 0.34994282653667613, 0.05822707428269551,
    0.003890665348943328, 6.603318515946871e-5
  ],
  nearUnder: [
    1, 2.504480673702079, 2.430029566819448, 1.1515491550775252, 0.27620943260261277, 0.03138551608626751, 0.0013860370694174697,
    1.3694042351709299e-5
  ],
  stirling: [
    0.0833333333333333, -0.0027777777777388693, 0.0007936507793388307, -0.0005952354706271542, 0.0008414776956572282, -0.001900487383416547,
    0.005766497889435032, -0.015204506613137188
  ],
  large: 6
}

/** ½ log 2π − ½. */
const SHIFT = 0.4189385332046727

const logOfPositive = (m: Lanes, x: Vector): Vector => {
  const { k, f } = decomposeAny(m, x)
  return logOf(m, k, f)
}

/**
 * log Γ(x) for a positive finite x. Up to `large` the recurrence log Γ(x) = log Γ(x − n) + log((x − 1)…(x − n)) leads to 1.25 … 2.5, or
 * from below 1.25 upwards; beyond, Stirling's series (NIST DLMF 5.5.1, 5.11.1). One logarithm and one division serve all lanes.
 */
const ofPositive = (m: Lanes, x: Vector): Vector => {
  const { near, nearUnder, stirling, large: limit } = m.pick(F32, F64)
  const large = m.ge(x, limit)
  const below = m.lt(x, 1.25)
  const tiny = m.lt(x, 0.5)
  let y = x
  let product: Vector = m.constant(1)
  for (let step = 2.5; step < limit; step++) {
    const more = m.gt(y, 2.5)
    y = m.sub(y, m.and(more, 1))
    product = m.mul(product, m.select(more, y, 1))
  }
  const z = m.select(below, m.select(tiny, x, m.sub(x, 1)), m.sub(y, 2))
  const v = m.add(z, 0.75)
  const lowered = m.select(tiny, m.madd(x, x, x), x)
  const log = logOfPositive(m, m.select(large, x, m.select(below, lowered, product)))
  const top = m.mul(z, m.polynomial(v, near))
  const ratio = m.div(m.select(large, 1, top), m.select(large, x, m.polynomial(v, nearUnder)))
  const small = m.add(ratio, m.xor(log, m.and(below, -0)))
  const rest = m.madd(ratio, m.polynomial(m.mul(ratio, ratio), stirling), SHIFT)
  return m.select(large, m.madd(m.sub(x, 0.5), m.sub(log, 1), rest), small)
}

/** log |Γ(x)| = −log(|sin πx|/π) − log Γ(1 − x) below 0 (NIST DLMF 5.5.3), in float64 lanes; ∞ at the poles and at ±∞. */
const ofOthers = (m: Lanes, x: Vector): Vector => {
  const sine = m.abs(sinOverPi(m, fromNearest(m, x)).high)
  const reflected = m.sub(m.neg(logOfPositive(m, sine)), ofPositive(m, m.sub(1, x)))
  const regular = m.and(m.gt(sine, 0), m.lt(x, 0))
  return m.select(regular, reflected, m.select(m.eq(x, x), Infinity, NaN))
}

/** log |Γ(x)|; below 0 float32 goes by way of float64. */
export const lgamma = (m: Lanes, x: Vector): Vector => {
  const ordinary = m.and(m.gt(x, 0), m.lt(x, Infinity))
  return m.except(m.not(ordinary), ofPositive(m, x), () => (m.dtype === "f32" ? inDouble(m, ofOthers, x) : ofOthers(m, x)))
}
