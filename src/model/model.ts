/** Model: an iterable of sites that is also an Effect. */
import type * as Effect from "effect/Effect"
import * as Effectable from "effect/Effectable"
import type { SiteError } from "../errors.ts"
import { evaluate } from "./evaluate.ts"
import type { AnySite, Program, RequirementOf, Site } from "./site.ts"
import type { Latents } from "./types.ts"

/** A program for one draw: it asks for the sites in `R`, and returns `A`. */
export interface Model<out A, out R> extends Effect.Effect<A, SiteError, R> {
  // `never` is what makes it the iterator of an Effect; what a site answers with is known where it is yielded
  [Symbol.iterator](): Generator<Site<never, R>, A, unknown>
}

/** The latents of a model or of a function that gives one. */
export type LatentsOf<M> = M extends (...args: never) => infer Made
  ? LatentsOf<Made>
  : M extends Model<infer _, infer R>
    ? Latents<R>
    : never

const prototype = Effectable.Prototype<Program<unknown> & Effect.Effect<unknown, SiteError, unknown>>({
  label: "pushforward/Model",
  evaluate() {
    return evaluate(this)
  }
})

export const fromSites = <A, R>(sites: () => Iterator<Site<unknown, R>, A, unknown>): Model<A, R> =>
  Object.assign(Object.create(prototype), { [Symbol.iterator]: sites })

/**
 * A model, from its body: a generator that yields sites, other models, plates and chains, and nothing else (to await other Effects, yield the
 * model inside `Effect.gen`). What comes back is a function of the body's arguments.
 *
 * @example
 * ```ts
 * import { model, observe, plate, sample } from "pushforward"
 * import { Normal } from "pushforward/distributions"
 *
 * const regression = model(function* (x: ReadonlyArray<number>, y: ReadonlyArray<number>) {
 *   const slope = yield* sample("slope", Normal(0, 1))
 *   yield* plate("row", { x, y }, function* (row) {
 *     yield* observe("y", Normal(row.x.mul(slope), 1), row.y)
 *   })
 * })
 * const posedOn = regression([1, 2, 3], [0.9, 2.1, 2.9])
 * ```
 */
export const model =
  <Args extends ReadonlyArray<unknown>, S extends AnySite, A>(
    body: (...args: Args) => Generator<S, A, never>
  ): ((...args: Args) => Model<A, RequirementOf<S>>) =>
  (...args) =>
    fromSites(() => body(...args) as Iterator<Site<unknown, RequirementOf<S>>, A, unknown>)
