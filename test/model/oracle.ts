/** Densities in plain float64, and loops, to hold models against. */
import * as Effect from "effect/Effect"
import type { NDArray } from "../../src/graph/types.ts"

export const normal = (x: number, loc: number, scale: number): number =>
  -0.5 * ((x - loc) / scale) ** 2 - Math.log(scale) - 0.5 * Math.log(2 * Math.PI)
export const halfCauchy = (x: number, scale: number): number => Math.log(2 / Math.PI / scale) - Math.log1p((x / scale) ** 2)
export const exponential = (x: number, rate: number): number => Math.log(rate) - rate * x
/** p(1) = σ(logit). */
export const bernoulli = (k: number, logit: number): number => -Math.log1p(Math.exp((1 - 2 * k) * logit))

export const sum = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b, 0)
export const mean = (values: Iterable<number>): number => sum(values) / [...values].length
export const variance = (values: Iterable<number>): number => {
  const centre = mean(values)
  return mean([...values].map((v) => (v - centre) ** 2))
}

export const numbers = ({ data }: NDArray): ReadonlyArray<number> => Array.from(data)

/** Runs what is about to fail, and gives the error. */
export const errorOf = async <E>(effect: Effect.Effect<unknown, E>): Promise<E> => Effect.runPromise(Effect.flip(effect))
