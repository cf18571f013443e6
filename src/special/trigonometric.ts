/** sin and cos, by operations that IEEE 754 rounds correctly: the same bits everywhere, within 0.8 ulp. */

/** x = nπ/2 + high + low with |high| ≤ π/4 and `low` below its last place; of n, the two lowest bits are right. */
interface Reduced {
  readonly n: number
  readonly high: number
  readonly low: number
}

/** π/2 in three parts, the first two of 33 bits: their products with n < 2²⁰ are exact (Cody & Waite 1980). */
const PARTS = [1.5707963267341256, 6.077100506303966e-11, 2.0222662487959506e-21] as const

const reduceSmall = (x: number): Reduced => {
  const n = Math.floor(x * (2 / Math.PI) + 0.5)
  const first = x - n * PARTS[0]
  const second = n * PARTS[1]
  const difference = first - second
  const rest = n * PARTS[2] - (first - difference - second)
  const high = difference - rest
  return { n, high, low: difference - high - rest }
}

/** π/2 2¹²⁰⁰, rounded down. */
const HALF_PI = BigInt(
  "0x1921fb54442d18469898cc51701b839a252049c1114cf98e804177d4c76273644a29410f31c6809bbdf2a33679a748636605" +
    "614dbe4be286e9fc26adadaa3848bc90b6aecc4bcfd8de89885d34c6fdad617feb96de80d6fdbdc70d7f6b5133f4b5d3e482" +
    "2f8963fcc9250cca3d9c8b67b8400f97142c77e0b31b4906c38aba734d22c7f51fa499ebf06caba47b9475b2c38c5e6ac410a"
)

/** In integers, x 2¹²⁰⁰ by π/2 2¹²⁰⁰: no number comes nearer to a multiple of π/2 than some 2⁻⁶² (Muller, "Elementary Functions", 11). */
const reduceLarge = (x: number): Reduced => {
  const whole = Math.floor(x)
  const dividend = (BigInt(whole) << 1200n) + (BigInt((x - whole) * 2 ** 52) << 1148n)
  const n = (2n * dividend + HALF_PI) / (2n * HALF_PI)
  const rest = (dividend - n * HALF_PI) >> 900n
  const high = Number(rest)
  return { n: Number(n & 3n), high: high * 2 ** -300, low: Number(rest - BigInt(high)) * 2 ** -300 }
}

/** For x ≥ 0. Where x is below 2¹³, what the parts lack of π/2 is nothing beside the remainder. */
const reduce = (x: number): Reduced => (x < Math.PI / 4 ? { n: 0, high: x, low: 0 } : x < 8192 ? reduceSmall(x) : reduceLarge(x))

/** sin(r + low) for |r| ≤ π/4: minimax in its relative error (Remez's algorithm). */
const sine = (r: number, low: number): number => {
  const z = r * r
  const w = z * z
  const even = -0.1666666666666663 + w * (-0.00019841269829542634 + w * -2.505074503949108e-8)
  const odd = 0.008333333333322063 + w * (2.755731360453632e-6 + w * 1.5896067612528394e-10)
  return r + (r * z * (even + z * odd) + low * (1 - 0.5 * z))
}

/** cos(r + low) for |r| ≤ π/4: minimax in its relative error (Remez's algorithm). */
const cosine = (r: number, low: number): number => {
  const z = r * r
  const w = z * z
  const even = 0.041666666666666595 + w * (2.480158728880006e-5 + w * 2.0875698709508686e-9)
  const odd = -0.0013888888888872975 + w * (-2.7557314163984396e-7 + w * -1.1358423564685448e-11)
  const half = 0.5 * z
  const rest = 1 - half
  return rest + (1 - rest - half + (w * (even + z * odd) - r * low))
}

/** sin(r + nπ/2): sin r, cos r, −sin r, −cos r for n = 0, 1, 2, 3 mod 4. */
const ofQuadrant = (n: number, { high, low }: Reduced): number => {
  const value = (n & 1) === 0 ? sine(high, low) : cosine(high, low)
  return (n & 2) === 0 ? value : -value
}

/** sin x; NaN at ±∞. */
export const sin = (x: number): number => {
  const size = Math.abs(x)
  if (size < 2 ** -27) return x
  if (!(size < Infinity)) return NaN
  const reduced = reduce(size)
  return x < 0 ? -ofQuadrant(reduced.n, reduced) : ofQuadrant(reduced.n, reduced)
}

/** cos x; NaN at ±∞. */
export const cos = (x: number): number => {
  const size = Math.abs(x)
  if (!(size < Infinity)) return NaN
  const reduced = reduce(size)
  return ofQuadrant(reduced.n + 1, reduced)
}
