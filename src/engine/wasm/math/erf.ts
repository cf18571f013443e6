import { expOfModerate } from "./exponential.ts"
import type { Lanes, Vector } from "./lanes.ts"

/** Minimax in the relative error of erf (Remez's algorithm): (erf x / x − 1) in x² for x ≤ 1; exp(x²) erfc x in x for x ≥ 1. */
const F32 = {
  near: [0.128379164354996, -0.3309802255155998, -0.014597590217490396, -0.0013421326700237975],
  nearOver: [1, 0.35166105045949353, 0.037670690639498676],
  far: [1.0010165327073934, 0.7612944141594048, 0.24592238408382494],
  farOver: [1, 1.8962251860176247, 1.3658721202091755, 0.43460631179159415]
}
const F64 = {
  near: [
    0.1283791670955126, -0.31700613891386664, -0.04832945720526058, -0.008815668186680649, -0.0004956134924866911, -2.0732540355334524e-5
  ],
  nearOver: [1, 0.46051280324934907, 0.09381307066220519, 0.010693079454250824, 0.0006924982328781893, 2.0810258201111607e-5],
  far: [0.9999998890608338, 1.390108064946361, 0.9489374843621333, 0.37325102695588736, 0.08423796657702538, 0.008913651295172052],
  farOver: [1, 2.5184860616568194, 2.79075057656302, 1.7560236828471103, 0.6695295567144727, 0.1493039793467444, 0.01579915889999666]
}

/** 2/√π ∫₀ˣ exp(−t²) dt: x + xP(x²)/Q(x²) for |x| < 1, otherwise ±(1 − exp(−x²)P(|x|)/Q(|x|)); one division for both. */
export const erf = (m: Lanes, x: Vector): Vector => {
  const c = m.pick(F32, F64)
  const y = m.atMost(m.abs(x), m.pick(4, 6))
  const z = m.mul(y, y)
  const near = m.lt(y, 1)
  const gaussian = expOfModerate(m, m.neg(z))
  const top = m.select(near, m.mul(y, m.polynomial(z, c.near)), m.neg(m.mul(gaussian, m.polynomial(y, c.far))))
  const bottom = m.select(near, m.polynomial(z, c.nearOver), m.polynomial(y, c.farOver))
  return m.or(m.add(m.select(near, y, 1), m.div(top, bottom)), m.sign(x))
}
