import { log } from "./logarithm.ts"
import { polynomial } from "./polynomial.ts"

const ODD = Array.from({ length: 15 }, (_, k) => 2 / (2 * k + 3))

/** a log(a/x) + x − a for a, x > 0, without cancellation near x = a. Loader, "Fast and accurate computation of binomial probabilities" (2000). */
export const deviance = (a: number, x: number): number => {
  const v = (x - a) / (x + a)
  return Math.abs(v) < 0.25 ? v * (x - a - a * v * v * polynomial(v * v, ODD)) : a * log(a / x) + x - a
}
