import { CUT, NODES, WEIGHTS } from "../../../special/quadrature.ts"
import type { Lanes, Vector } from "./lanes.ts"

/** ∫₀^∞ (s + c) exp(−g(s)) ds, or without c the same without that factor: `integrateDecay` of the special functions, in float64 lanes. */
export const integrateDecay = (m: Lanes, g: (s: Vector) => Vector, slope: (s: Vector) => Vector, end: Vector, c?: Vector): Vector => {
  const S = m.add(end, 0)
  m.repeatWhile(() => {
    const next = m.sub(S, m.div(m.sub(g(S), CUT), slope(S)))
    const shorter = m.lt(next, m.mul(S, 0.99))
    m.assign(S, m.select(shorter, next, S))
    return shorter
  })
  const sum = m.constant(0)
  NODES.forEach((node, i) => {
    const s = m.mul(S, node)
    const value = m.mul(m.call("exp", m.neg(g(s))), WEIGHTS[i]!)
    m.assign(sum, c === undefined ? m.add(sum, value) : m.madd(value, m.add(s, c), sum))
  })
  return m.mul(S, sum)
}
