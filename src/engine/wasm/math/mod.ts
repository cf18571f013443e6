import { twoProduct } from "./exact.ts"
import type { Lanes, Vector } from "./lanes.ts"

/**
 * The remainder of |a| by |b|, exact: multiples are taken off until less than b is left. Of a quotient the upper half of the significand is used, whose
 * product with b is exact in two parts; where a is so far beyond b that the quotient overflows, it is brought down by a multiple of b first.
 */
const remainder = (m: Lanes, a: Vector, b: Vector): Vector => {
  const r = m.add(a, 0)
  const far = m.mul(b, 2 ** 1000)
  const farther = m.mul(far, 2 ** 1000)
  m.repeatWhile(() => {
    const size = m.abs(r)
    const step = m.select(m.gt(size, farther), farther, m.select(m.gt(size, far), far, b))
    const quotient = m.and(m.trunc(m.div(r, step)), m.bits(-(2 ** 27)))
    const product = twoProduct(m, quotient, step)
    m.assign(r, m.sub(m.sub(r, product.high), product.low))
    return m.ge(m.abs(r), b)
  })
  return m.select(m.lt(r, 0), m.add(r, b), r)
}

/** ((a % b) + b) % b with ECMAScript's exact %, in float64 lanes: it has the sign of b. */
export const mod = (m: Lanes, a: Vector, b: Vector): Vector => {
  const size = m.abs(b)
  const regular = m.and(m.and(m.gt(size, 0), m.lt(size, Infinity)), m.lt(m.abs(a), Infinity))
  const first = remainder(m, m.and(regular, m.abs(a)), m.select(regular, size, 1))
  const sum = m.add(m.or(first, m.sign(a)), b)
  const once = m.abs(sum)
  const twice = m.sub(once, m.and(m.ge(once, size), size))
  const rest = m.sub(twice, m.and(m.ge(twice, size), size))
  return m.select(regular, m.or(rest, m.sign(sum)), NaN)
}
