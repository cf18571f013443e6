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
  const parameters = new Float64Array(x)
  if (before === undefined) return { parameters, count: 1 }
  const { parameters: mean, count } = before
  const kept = 1 - 1 / (1 + share * count)
  for (let i = 0; i < parameters.length; i++) parameters[i]! += kept * (mean[i]! - parameters[i]!)
  return { parameters, count: count + 1 }
}
