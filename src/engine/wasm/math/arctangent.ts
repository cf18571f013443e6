/** atan and atan2. */
import type { Lanes, Vector } from "./lanes.ts"

/** (atan t / t − 1)/t² in t² for |t| ≤ tan(π/8): minimax in the relative error of atan (Remez's algorithm). */
const F32 = [-0.3333331510534567, 0.1999846600501825, -0.14243422374910525, 0.10592947104203268, -0.06075917726539584]
const F64 = [
  -0.3333333333333319, 0.1999999999995282, -0.1428571428012127, 0.11111110779796417, -0.09090897655015293, 0.07692058429230342,
  -0.06663084157063955, 0.05847747079066235, -0.050386735383944975, 0.03804873724597839, -0.017890083830521267
]

/** What the rounding of π to float32 and to float64 leaves. */
const PI_LOW = { f32: -8.742278000372485e-8, f64: 1.2246467991473532e-16 }

/** The angle of (x, y) in [0, π/4] for 0 ≤ y ≤ x: with t = y/x, or from π/4 on with t = (y − x)/(y + x). */
const octant = (m: Lanes, y: Vector, x: Vector): Vector => {
  const steep = m.gt(y, m.mul(x, Math.SQRT2 - 1))
  const t = m.div(m.select(steep, m.sub(y, x), y), m.select(steep, m.add(y, x), x))
  const z = m.mul(t, t)
  const low = m.and(steep, PI_LOW[m.dtype] / 4)
  return m.add(m.and(steep, Math.PI / 4), m.add(t, m.madd(m.mul(t, z), m.polynomial(z, m.pick(F32, F64)), low)))
}

/** atan x: the octant's angle for |x| ≤ 1, π/2 less that of 1/x beyond. */
export const atan = (m: Lanes, x: Vector): Vector => {
  const size = m.abs(x)
  const outside = m.gt(size, 1)
  const angle = octant(m, m.select(outside, 1, size), m.select(outside, size, 1))
  const turned = m.add(m.sub(Math.PI / 2, angle), PI_LOW[m.dtype] / 2)
  return m.or(m.select(outside, turned, angle), m.sign(x))
}

/**
 * The angle of the point (x, y), in [−π, π], with the signs of zeros that the C standard has (F.10.1.4). The larger coordinate is brought near 1
 * first, so that nothing overflows or is lost below the normal numbers.
 */
export const atan2 = (m: Lanes, y: Vector, x: Vector): Vector => {
  const a = m.abs(y)
  const b = m.abs(x)
  const steep = m.gt(a, b)
  const large = m.select(steep, a, b)
  const small = m.select(steep, b, a)
  const big = m.gt(large, m.pick(2 ** 126, 2 ** 1022))
  const tiny = m.lt(large, m.pick(2 ** -100, 2 ** -900))
  const factor = m.select(big, 0.25, m.select(tiny, m.pick(2 ** 60, 2 ** 200), 1))
  const same = m.eq(a, b)
  const quotient = octant(m, m.select(same, 1, m.mul(small, factor)), m.select(same, 1, m.mul(large, factor)))
  const angle = m.select(m.eq(large, 0), 0, quotient)
  const low = PI_LOW[m.dtype]
  const first = m.select(steep, m.add(m.sub(Math.PI / 2, angle), low / 2), angle)
  const negative = m.lt(m.or(m.sign(x), 1), 0)
  const turned = m.select(negative, m.add(m.sub(Math.PI, first), low), first)
  return m.select(m.and(m.eq(x, x), m.eq(y, y)), m.or(turned, m.sign(y)), NaN)
}
