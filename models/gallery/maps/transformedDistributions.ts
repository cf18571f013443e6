/** Distributions from others by bijectors: the log-normal distribution is a standard normal one, scaled and moved, then raised to e. */
import * as Effect from "effect/Effect"
import { deterministic, model, plate, prior, sample } from "pushforward"
import { chain, elementwiseAffine, exp } from "pushforward/bijectors"
import { type Distribution, LogNormal, Normal, Transformed } from "pushforward/distributions"
import type { TeachingOptions } from "./changeOfVariables.ts"

const loc = 0.4
const scale = 0.6

/** exp(loc + scale · z), z standard normal: the same distribution as `LogNormal(loc, scale)`. */
const logNormal = (): Distribution<"real"> => Transformed(Normal(0, 1), chain([elementwiseAffine(loc, scale), exp()]))

const compared = model(function* (places: Float64Array) {
  yield* sample("y", logNormal())
  yield* plate("place", places, function* (place) {
    yield* deterministic("logDensity", logNormal().logProb(place))
    yield* deterministic("closed", LogNormal(loc, scale).logProb(place))
  })
})

export interface TransformedDistribution {
  readonly places: Float64Array
  /** p at the places, by the change of variables. */
  readonly density: Float64Array
  /** The same by the closed form. */
  readonly closed: Float64Array
  readonly draws: Float64Array
}

const places = Float64Array.from({ length: 400 }, (_, i) => (i + 1) / 50)

/** Draws and the density, beside the density in closed form; by default 10,000. */
export const transformedDistributions = ({ draws = 10_000, seed = 0 }: TeachingOptions = {}) =>
  Effect.map(prior(compared(places), { draws, seed }), ({ y, logDensity, closed }): TransformedDistribution => {
    // the same for all draws
    const first = (logs: ArrayLike<number>): Float64Array => places.map((_, i) => Math.exp(logs[i]!))
    return { places, density: first(logDensity.data), closed: first(closed.data), draws: Float64Array.from(y.data) }
  })
