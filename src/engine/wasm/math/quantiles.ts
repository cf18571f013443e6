/** Quantiles of counts, in float64 lanes: the methods of the special functions. */
import { incompleteBeta } from "./incompleteBeta.ts"
import { incompleteGamma } from "./incompleteGamma.ts"
import type { Lanes, Operand, Vector } from "./lanes.ts"

/**
 * The smallest integer in [0, high] that is enough, in the lanes of `active`: strides that double from `start` until it lies between two that have
 * been asked, then bisection. `high` is enough unasked.
 */
const smallest = (m: Lanes, enough: (k: Vector) => Vector, start: Vector, high: Operand, active: Vector): Vector => {
  const no = m.constant(-1)
  const yes = m.select(active, high, 0)
  const noAsked = m.constant(0)
  const yesAsked = m.constant(0)
  const stride = m.constant(1)
  const inside = (k: Vector): Vector => m.atLeast(m.atMost(k, m.sub(yes, 1)), m.add(no, 1))
  const k = inside(m.floor(start))
  m.repeatWhile(() => {
    const is = enough(k)
    m.assign(yes, m.select(is, k, yes))
    m.assign(no, m.select(is, no, k))
    m.assign(yesAsked, m.or(yesAsked, is))
    m.assign(noAsked, m.or(noAsked, m.not(is)))
    const strided = m.select(is, m.sub(k, stride), m.add(k, stride))
    const middle = m.floor(m.madd(m.sub(yes, no), 0.5, no))
    m.assign(stride, m.add(stride, stride))
    m.assign(k, inside(m.select(m.and(yesAsked, noAsked), middle, strided)))
    return m.gt(m.sub(yes, no), 1)
  })
  return yes
}

/** Beyond, integers are no longer told apart, and the expansion is as good as its rounding. */
const LATTICE = Number.MAX_SAFE_INTEGER

/** The Cornish–Fisher expansion to the skewness term (Abramowitz & Stegun 26.2.49), where to start from; far out in a tail, less far out. */
const cornishFisher = (m: Lanes, u: Vector, mean: Vector, sd: Vector, skewness: Vector): Vector => {
  const z = m.atLeast(m.atMost(m.mul(m.call("erfinv", m.sub(m.add(u, u), 1)), Math.SQRT2), 8), -8)
  return m.madd(sd, m.madd(m.mul(skewness, 1 / 6), m.sub(m.mul(z, z), 1), z), mean)
}

const within = (m: Lanes, x: Vector, low: number, high: Operand): Vector => m.and(m.ge(x, low), m.le(x, high))

/** The smallest k with P(X ≤ k) ≥ u for X ~ Poisson(rate): see `poissonQuantile` of the special functions. */
export const poissonQuantile = (m: Lanes, rate: Vector, u: Vector): Vector => {
  const valid = m.and(m.ge(rate, 0), within(m, u, 0, 1))
  const zero = m.or(m.eq(u, 0), m.eq(rate, 0))
  const endless = m.or(m.eq(u, 1), m.eq(rate, Infinity))
  const limits = m.select(valid, m.select(zero, 0, Infinity), NaN)
  const inside = m.andNot(m.andNot(valid, zero), endless)
  return m.except(inside, limits, () => {
    const sd = m.sqrt(rate)
    const start = cornishFisher(m, u, rate, sd, m.div(1, sd))
    const active = m.and(inside, m.le(rate, LATTICE))
    const lower = m.le(u, 0.5)
    const k = smallest(
      m,
      (j) => {
        const { value, isLower } = incompleteGamma(m, m.add(j, 1), rate)
        const rest = m.sub(1, value)
        return m.select(lower, m.ge(m.select(isLower, rest, value), u), m.le(m.select(isLower, value, rest), m.sub(1, u)))
      },
      start,
      Infinity,
      active
    )
    return m.select(active, k, start)
  })
}

/** The smallest k with P(X ≤ k) ≥ u for X ~ Binomial(n, p): see `binomialQuantile` of the special functions. */
export const binomialQuantile = (m: Lanes, n: Vector, p: Vector, u: Vector): Vector => {
  const valid = m.and(m.and(m.ge(n, 0), m.eq(m.floor(n), n)), m.and(m.lt(n, Infinity), m.and(within(m, p, 0, 1), within(m, u, 0, 1))))
  const zero = m.or(m.eq(u, 0), m.or(m.eq(p, 0), m.eq(n, 0)))
  const full = m.or(m.eq(u, 1), m.eq(p, 1))
  const limits = m.select(valid, m.select(zero, 0, n), NaN)
  const inside = m.andNot(m.andNot(valid, zero), full)
  return m.except(inside, limits, () => {
    const q = m.sub(1, p)
    const mean = m.mul(n, p)
    const sd = m.sqrt(m.mul(mean, q))
    const start = cornishFisher(m, u, mean, sd, m.div(m.sub(q, p), sd))
    const active = m.and(inside, m.le(n, LATTICE))
    const lower = m.le(u, 0.5)
    const k = smallest(
      m,
      (j) => {
        const above = m.add(j, 1)
        const rest = m.sub(n, j)
        const value = incompleteBeta(
          m,
          m.select(lower, q, p),
          m.select(lower, p, q),
          m.select(lower, rest, above),
          m.select(lower, above, rest)
        )
        return m.select(lower, m.ge(value, u), m.le(value, m.sub(1, u)))
      },
      start,
      n,
      active
    )
    return m.select(active, k, m.atLeast(m.atMost(start, n), 0))
  })
}
