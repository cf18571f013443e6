import * as Effect from "effect/Effect"
import * as fc from "fast-check"
import { range, sizeOf } from "../graph/shape.ts"
import type { NDArray } from "../graph/types.ts"
import { prior, type DrawOptions } from "../model/interpreters.ts"
import type { Model } from "../model/model.ts"
import type { SiteValues } from "../model/types.ts"
import { locationsOf } from "./quadrature.ts"

const row = ({ shape: [, ...shape], data }: NDArray, i: number): NDArray => ({
  shape,
  data: data.slice(i * sizeOf(shape), (i + 1) * sizeOf(shape))
})

/** The numbers of draw `i`, all sites together. */
const numbersOf = (sites: Readonly<Record<string, NDArray>>, i: number): ReadonlyArray<number> =>
  Object.values(sites).flatMap((site) => Array.from(row(site, i).data))

/** Draws, the most ordinary first: by their distance from the medians in half interquartile ranges. */
const ordered = (sites: Readonly<Record<string, NDArray>>, draws: number): ReadonlyArray<number> => {
  const rows = range(draws).map((i) => numbersOf(sites, i))
  const locations = locationsOf(rows)
  const distances = rows.map((numbers) => numbers.reduce((sum, x, j) => sum + Math.abs(x - locations[j]!.centre) / locations[j]!.scale, 0))
  return range(draws).sort((a, b) => distances[a]! - distances[b]!)
}

/**
 * What a model can generate, as a fast-check arbitrary, so that a model can drive property tests of any program: draws of its latents, of
 * its observations that have no value, and of what it computes, by the names of the sites. The draws are those of the prior for `seed`; a
 * counterexample shrinks to the most ordinary draw that still is one.
 *
 * @throws what is wrong with the model: SiteError, ArgumentError, ShapeError or TraceError.
 * @example
 * ```ts
 * import * as fc from "fast-check"
 * import { model, observe, sample } from "pushforward"
 * import { Gamma, Poisson } from "pushforward/distributions"
 * import { arbitraryFromModel } from "pushforward/testing"
 *
 * const orders = model(function* () {
 *   const rate = yield* sample("rate", Gamma(2, 1))
 *   yield* observe("orders", Poisson(rate))
 * })
 * fc.assert(fc.property(arbitraryFromModel(orders()), ({ orders }) => orders.data[0]! >= 0))
 * ```
 */
export const arbitraryFromModel = <A, R>(model: Model<A, R>, options: DrawOptions = {}): fc.Arbitrary<SiteValues<R>> => {
  const { draws = 1000 } = options
  const drawn = (): readonly [Readonly<Record<string, NDArray>>, ReadonlyArray<number>] => {
    const sites = Effect.runSync(prior(model, options)) as Readonly<Record<string, NDArray>>
    return [sites, ordered(sites, draws)]
  }
  let cache: ReturnType<typeof drawn> | undefined
  return fc.nat(draws - 1).map((i) => {
    const [sites, order] = (cache ??= drawn())
    return Object.fromEntries(Object.entries(sites).map(([name, site]) => [name, row(site, order[i]!)])) as SiteValues<R>
  })
}
