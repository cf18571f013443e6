/** atan and atan2, by operations that IEEE 754 rounds correctly: the same bits everywhere, within 1.3 ulp. */

/** What the rounding of π leaves. */
const PI_LOW = 1.2246467991473532e-16

/** atan ½. */
const HALF = { angle: 0.4636476090008061, low: 2.2698777452961687e-17 }

/** (atan t / t − 1)/t for |t| ≤ tan(π/8): minimax in the relative error of atan (Remez's algorithm). */
const series = (t: number): number => {
  const z = t * t
  const w = z * z
  const even =
    -0.3333333333333319 +
    w *
      (-0.1428571428012127 +
        w * (-0.09090897655015293 + w * (-0.06663084157063955 + w * (-0.050386735383944975 + w * -0.017890083830521267))))
  const odd =
    0.1999999999995282 + w * (0.11111110779796417 + w * (0.07692058429230342 + w * (0.05847747079066235 + w * 0.03804873724597839)))
  return t * (even + z * odd)
}

/** a + atan t. */
const beside = (high: number, low: number, t: number): number => high + (t + (t * t * series(t) + low))

/** The angle of (x, y) in [0, π/4] for 0 ≤ y ≤ x: atan c + atan((y − cx)/(x + cy)) with the nearest c of 0, ½ and 1. */
const octant = (y: number, x: number): number => {
  if (y <= (Math.SQRT2 - 1) * x) return beside(0, 0, y / x)
  if (y <= 0.71875 * x) return beside(HALF.angle, HALF.low, (2 * y - x) / (2 * x + y))
  return beside(Math.PI / 4, PI_LOW / 4, (y - x) / (y + x))
}

/** atan x. */
export const atan = (x: number): number => {
  const size = Math.abs(x)
  if (size < 2 ** -27) return x
  const angle = size <= 1 ? octant(size, 1) : Math.PI / 2 - (octant(1, size) - PI_LOW / 2)
  return x < 0 ? -angle : angle
}

const isNegative = (x: number): boolean => x < 0 || Object.is(x, -0)

/** The angle of (±x, y) in [0, π], for x, y ≥ 0. */
const inHalfPlane = (y: number, x: number, left: boolean): number => {
  const large = Math.max(x, y)
  if (large === 0) return left ? Math.PI : 0
  // so that neither the sums overflow nor the comparisons lose their digits
  const factor = large > 2 ** 1021 ? 0.25 : large < 2 ** -900 ? 2 ** 100 : 1
  const angle = x === y ? Math.PI / 4 : octant(factor * Math.min(x, y), factor * large)
  if (y > x) return left ? Math.PI / 2 + (angle + PI_LOW / 2) : Math.PI / 2 - (angle - PI_LOW / 2)
  return left ? Math.PI - (angle - PI_LOW) : angle
}

/** The angle of the point (x, y), in [−π, π], with the signs of zeros of `Math.atan2`. */
export const atan2 = (y: number, x: number): number => {
  const angle = inHalfPlane(Math.abs(y), Math.abs(x), isNegative(x))
  return isNegative(y) ? -angle : angle
}
