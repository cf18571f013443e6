/** The parts of Loader's forms of densities (2000), in float64 lanes. */
import type { Lanes, Vector } from "./lanes.ts"

const ODD = Array.from({ length: 15 }, (_, k) => 2 / (2 * k + 3))

/** a log(a/x) + x − a for a, x > 0, without cancellation near x = a. */
export const deviance = (m: Lanes, a: Vector, x: Vector): Vector => {
  const difference = m.sub(x, a)
  const v = m.div(difference, m.add(x, a))
  const z = m.mul(v, v)
  const near = m.mul(v, m.sub(difference, m.mul(m.mul(a, z), m.polynomial(z, ODD))))
  return m.except(m.ge(m.abs(v), 0.25), near, () => m.madd(a, m.call("log", m.div(a, x)), difference))
}

/** B₂ₖ / (2k(2k−1)), k = 1, 2, …: Stirling's series in 1/x² (NIST DLMF 5.11.1). */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400]
const HALF_LOG_TWO_PI = 0.9189385332046728

/** log Γ(x) − (x − ½) log x + x − ½ log 2π for x > 0. */
export const stirlingError = (m: Lanes, x: Vector): Vector => {
  const inverse = m.div(1, x)
  const series = m.mul(inverse, m.polynomial(m.mul(inverse, inverse), STIRLING))
  return m.except(m.lt(x, 10), series, () =>
    m.sub(m.add(m.nmadd(m.sub(x, 0.5), m.call("log", x), m.call("lgamma", x)), x), HALF_LOG_TWO_PI)
  )
}
