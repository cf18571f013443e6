/** What reflects the gamma family at 0: the sine and cosine of πx, in float64 lanes. */
import type { Pair } from "./exact.ts"
import { fastSum } from "./exact.ts"
import type { Lanes, Vector } from "./lanes.ts"

/** (sin πs / πs − 1)/s² and (cos πs − 1)/s² in s² for |s| ≤ ½: minimax, 2⁻⁷¹ and 2⁻⁶⁷ (Remez's algorithm). */
const SIN = [
  -1.6449340668482264, 0.8117424252833536, -0.19075182412208258, 0.026147847817611456, -0.002346081034804814, 0.00014842878710883355,
  -6.975840388587094e-6, 2.530088078700807e-7, -7.09211985831099e-9
]
const COS = [
  -4.934802200544679, 4.058712126416768, -1.3352627688545589, 0.23533063035806467, -0.02580689137730908, 0.001929574191720851,
  -0.0001046374331491364, 4.300756991938252e-6, -1.3437987662565844e-7
]

/** x less the nearest integer: tan πx is the same, and sin πx and cos πx but for their sign. */
export const fromNearest = (m: Lanes, x: Vector): Vector => m.sub(x, m.nearest(x))

/** sin(πs)/π. */
export const sinOverPi = (m: Lanes, s: Vector): Pair => {
  const z = m.mul(s, s)
  return fastSum(m, s, m.mul(m.mul(s, z), m.polynomial(z, SIN)))
}

/** cos(πs). */
export const cosPi = (m: Lanes, s: Vector): Pair => {
  const z = m.mul(s, s)
  return fastSum(m, m.constant(1), m.mul(z, m.polynomial(z, COS)))
}
