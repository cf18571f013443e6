import { exp } from "./exponential.ts"

/**
 * tanh x: x + x³P(x²)/Q(x²) for |x| < 0.625, minimax in its relative error (Remez's algorithm), otherwise ±(1 − 2/(e^2|x| + 1)); the same bits
 * everywhere, within 1.4 ulp.
 */
export const tanh = (x: number): number => {
  const size = Math.abs(x)
  if (size < 2 ** -28) return x
  if (size < 0.625) {
    const z = x * x
    const top = -0.33333333333333326 + z * (-0.02049678585990442 + z * -0.0001990888988366917)
    const bottom = 1 + z * (0.4614903575796982 + z * (0.023288647823886396 + z * 0.0002064382706688339))
    return x + (x * z * top) / bottom
  }
  if (!(size < 20)) return x > 0 ? 1 : x < 0 ? -1 : NaN
  const y = 1 - 2 / (exp(2 * size) + 1)
  return x < 0 ? -y : y
}
