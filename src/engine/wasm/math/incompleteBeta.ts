import { CUT } from "../../../special/quadrature.ts"
import { integrateDecay } from "./integrateDecay.ts"
import type { Lanes, Vector } from "./lanes.ts"
import { deviance, stirlingError } from "./loader.ts"

/** xᵃyᵇ / B(a, b) for x + y = 1. */
const density = (m: Lanes, x: Vector, y: Vector, a: Vector, b: Vector): Vector => {
  const n = m.add(a, b)
  const errors = m.sub(m.sub(stirlingError(m, n), stirlingError(m, a)), stirlingError(m, b))
  const exponent = m.sub(m.sub(errors, deviance(m, a, m.mul(n, x))), deviance(m, b, m.mul(n, y)))
  return m.mul(m.sqrt(m.mul(m.div(a, n), m.mul(b, 0.5 / Math.PI))), m.call("exp", exponent))
}

/**
 * I_x(a, b) for 0 < x < 1, y = 1 − x and a, b ≥ 1, in float64 lanes: `betaI` of the special functions. It is taken from the side on which it is small,
 * in the variable s of t/(1 − t) = e⁻ˢ x/y, with the smaller of x and y carrying the precision.
 */
export const incompleteBeta = (m: Lanes, X: Vector, Y: Vector, A: Vector, B: Vector): Vector => {
  const flipped = m.gt(m.mul(X, B), m.mul(A, Y))
  const x = m.select(flipped, Y, X)
  const y = m.select(flipped, X, Y)
  const a = m.select(flipped, B, A)
  const b = m.select(flipped, A, B)
  const n = m.add(a, b)
  const left = m.le(x, y)
  const smaller = m.select(left, x, y)
  const linear = m.select(left, a, m.neg(b))
  const sign = m.select(left, -1, 1)
  const integral = integrateDecay(
    m,
    (s) => m.madd(n, m.call("log1p", m.mul(smaller, m.call("expm1", m.mul(s, sign)))), m.mul(linear, s)),
    (s) => m.sub(a, m.div(m.mul(n, x), m.madd(y, m.call("exp", s), x))),
    m.div(m.nmadd(n, m.call("log", y), CUT), a)
  )
  const value = m.mul(density(m, x, y, a, b), integral)
  return m.select(flipped, m.sub(1, value), value)
}
