/** The incomplete gamma function and its derivative, in float64 lanes: the methods of the special functions. */
import { CUT } from "../../../special/quadrature.ts"
import { integrateDecay } from "./integrateDecay.ts"
import type { Lanes, Vector } from "./lanes.ts"
import { deviance, stirlingError } from "./loader.ts"

/** Below, power series in x are used. */
const SERIES = 0.5

/**
 * ∫ p(t)/p(x) dt/x over the side of x on which log t − ψ(a) keeps its sign, t < x (`left`) or t > x; with c, the factor |log t/x| + c inside. With
 * t = x e^∓s the exponent is g(s) = as + x expm1(−s), to the left at s and to the right at −s.
 */
const side = (m: Lanes, a: Vector, x: Vector, left: Vector, c?: Vector): Vector => {
  const sign = m.select(left, 1, -1)
  const end = m.select(left, m.div(m.add(x, CUT), a), m.div(m.add(m.sqrt(m.madd(x, 2 * CUT, 0.25)), 0.5), x))
  const signed = (s: Vector): Vector => m.mul(s, sign)
  return integrateDecay(
    m,
    (s) => m.madd(x, m.call("expm1", m.neg(signed(s))), m.mul(a, signed(s))),
    (s) => m.mul(sign, m.nmadd(x, m.call("exp", m.neg(signed(s))), a)),
    end,
    c
  )
}

/** One of P(a, x) and Q(a, x), which keeps its relative precision, and a mask that says which. */
export const incompleteGamma = (m: Lanes, a: Vector, x: Vector): { readonly value: Vector; readonly isLower: Vector } => {
  const tiny = m.lt(x, SERIES)
  const density = m.mul(m.sqrt(m.mul(a, 0.5 / Math.PI)), m.call("exp", m.neg(m.add(deviance(m, a, x), stirlingError(m, a)))))
  const series = m.except(tiny, x, () => {
    const term = m.constant(1)
    const sum = m.constant(1)
    const n = m.add(a, 0)
    m.repeatWhile(() => {
      m.assign(n, m.add(n, 1))
      m.assign(term, m.mul(term, m.div(x, n)))
      m.assign(sum, m.add(sum, term))
      return m.and(tiny, m.gt(term, m.mul(sum, 1e-17)))
    })
    return m.div(sum, a)
  })
  const left = m.le(m.call("log", x), m.call("digamma", a))
  const factor = m.except(m.not(tiny), series, () => side(m, a, x, left))
  return { value: m.mul(density, factor), isLower: m.or(tiny, left) }
}

/** dx/da of a draw x from Gamma(a, 1) at a fixed value of its distribution function: see `gammaDerivative` of the special functions. */
export const gammaDerivative = (m: Lanes, a: Vector, x: Vector): Vector => {
  const valid = m.and(m.and(m.gt(a, 0), m.lt(a, Infinity)), m.ge(x, 0))
  const inside = m.and(valid, m.and(m.gt(x, 0), m.lt(x, Infinity)))
  const tiny = m.and(inside, m.lt(x, SERIES))
  const series = m.except(tiny, m.select(valid, x, NaN), () => {
    const n = m.add(a, 0)
    const term = m.div(1, a)
    const weight = m.sub(m.call("digamma", m.add(a, 1)), m.call("log", x))
    const sum = m.mul(term, weight)
    m.repeatWhile(() => {
      m.assign(n, m.add(n, 1))
      m.assign(term, m.mul(term, m.div(x, n)))
      m.assign(weight, m.add(weight, m.div(1, n)))
      const more = m.mul(term, weight)
      m.assign(sum, m.add(sum, more))
      return m.and(tiny, m.gt(more, m.mul(sum, 1e-17)))
    })
    return m.mul(x, sum)
  })
  return m.except(m.andNot(inside, tiny), series, () => {
    const excess = m.sub(m.call("log", x), m.call("digamma", a))
    return m.mul(x, side(m, a, x, m.le(excess, 0), m.abs(excess)))
  })
}
