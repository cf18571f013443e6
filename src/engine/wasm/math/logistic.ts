/** sigmoid and softplus. */
import { expOfNegative } from "./exponential.ts"
import type { Lanes, Vector } from "./lanes.ts"
import { log1pOfFraction } from "./logarithm.ts"

/**
 * 1/(1 + e⁻ˣ) for x ≥ 0 and eˣ/(1 + eˣ) below: of full relative precision in both tails. What 1 + e loses by rounding is taken back, with
 * 1 − e/2 for 1/(1 + e).
 */
export const sigmoid = (m: Lanes, x: Vector): Vector => {
  const e = expOfNegative(m, m.neg(m.abs(x)))
  const denominator = m.add(e, 1)
  const lost = m.add(m.sub(1, denominator), e)
  const ratio = m.div(m.select(m.lt(x, 0), e, 1), denominator)
  return m.nmadd(m.mul(ratio, lost), m.nmadd(e, 0.5, 1), ratio)
}

/** log(1 + eˣ) = max(x, 0) + log(1 + e^−|x|), without overflow or cancellation. */
export const softplus = (m: Lanes, x: Vector): Vector => m.add(m.atLeast(x, 0), log1pOfFraction(m, expOfNegative(m, m.neg(m.abs(x)))))
