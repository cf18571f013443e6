/** The running mean of where an optimiser has been: less noisy than its last place. */
import type { TypedArray } from "../graph/types.ts"

export interface Average {
  readonly parameters: Float64Array
  /** Of how many places. */
  readonly count: number
}

/**
 * The mean m ← m + w (x − m) with the new place x, w = 1 / (1 + share (t − 1)) for the t-th, so that places weigh as t^(1/share − 1). A share
 * of 1 weighs all alike, 0 keeps the last.
 *
 * @see Shamir & Zhang 2013, "Stochastic Gradient Descent for Non-smooth Optimization", eq. 5, with share = 1 / (1 + η); Polyak & Juditsky 1992.
 */
export const withPlace = (before: Average | undefined, x: TypedArray, share: number): Average => {
  if (before === undefined) return { parameters: Float64Array.from(x), count: 1 }
  const { parameters: mean, count } = before
  const weight = 1 / (1 + share * count)
  return { parameters: mean.map((m, i) => (weight === 1 ? x[i]! : m + weight * (x[i]! - m))), count: count + 1 }
}
