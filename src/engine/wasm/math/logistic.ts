/** sigmoid and softplus, both of e^−|x|: where a program has the two of one argument, the compiler of the host finds that they share it. */
import { decay } from "./exponential.ts"
import type { Lanes, Vector } from "./lanes.ts"

/** 1/(1 + e⁻ˣ) for x ≥ 0 and eˣ/(1 + eˣ) below: of full relative precision in both tails. */
export const sigmoid = (m: Lanes, x: Vector): Vector => {
  const e = decay(m, x)
  return m.div(m.select(m.lt(x, 0), e, 1), m.add(e, 1))
}

/** (log((1+s)/(1−s)) − 2s)/s³ in s², for |s| ≤ ⅓: minimax in the relative error of the logarithm, 2⁻²⁷ and 2⁻⁵⁹ (Remez's algorithm). */
const F32 = [0.6666641630285024, 0.4002152640780406, 0.28001816921653155, 0.2801193741157775]
const F64 = [
  0.6666666666666631, 0.4000000000015511, 0.28571428548118666, 0.22222223953613432, 0.18181744480010845, 0.15386548376683884,
  0.13301121545788608, 0.12104943875143112, 0.08344974919229724, 0.17009751993324854
]

/** log(1 + e) for 0 ≤ e ≤ 1, with s = e/(2+e): 2s + s³R(s²) = e − s(e − s²R(s²)), whose first term is exact. */
const log1pOfFraction = (m: Lanes, e: Vector): Vector => {
  const s = m.div(e, m.add(e, 2))
  const z = m.mul(s, s)
  return m.nmadd(s, m.nmadd(z, m.polynomial(z, m.pick(F32, F64)), e), e)
}

/** log(1 + eˣ) = max(x, 0) + log(1 + e^−|x|), without overflow or cancellation. */
export const softplus = (m: Lanes, x: Vector): Vector => m.add(m.atLeast(x, 0), log1pOfFraction(m, decay(m, x)))
