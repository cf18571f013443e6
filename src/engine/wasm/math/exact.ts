/** Sums and products with what rounding takes from them. */
import type { Lanes, Operand, Vector } from "./lanes.ts"

/** A number of twice the precision: the unevaluated sum of its parts. */
export interface Pair {
  readonly high: Vector
  readonly low: Vector
}

/** a + b for |a| ≥ |b| (Dekker 1971). */
export const fastSum = (m: Lanes, a: Vector, b: Vector): Pair => {
  const high = m.add(a, b)
  return { high, low: m.sub(b, m.sub(high, a)) }
}

/** a + b (Knuth). */
export const twoSum = (m: Lanes, a: Vector, b: Vector): Pair => {
  const high = m.add(a, b)
  const part = m.sub(high, a)
  return { high, low: m.add(m.sub(a, m.sub(high, part)), m.sub(b, part)) }
}

/** The upper half of the significand, and the rest. */
const split = (m: Lanes, a: Operand): Pair => {
  const high = m.and(a, m.bits(m.pick(-(2 ** 12), -(2 ** 27))))
  return { high, low: m.sub(a, high) }
}

/** ab, by a fused multiply-add where there is one, else by halves (Veltkamp & Dekker 1971) but for the last bit of the product of the lower ones. */
export const twoProduct = (m: Lanes, a: Operand, b: Operand): Pair => {
  const high = m.mul(a, b)
  if (m.f.relaxed) return { high, low: m.madd(a, b, m.neg(high)) }
  const p = split(m, a)
  const q = split(m, b)
  const cross = m.add(m.sub(m.mul(p.high, q.high), high), m.mul(p.high, q.low))
  return { high, low: m.add(m.add(cross, m.mul(p.low, q.high)), m.mul(p.low, q.low)) }
}
