/**
 * Bijectors are the arrows of a groupoid whose objects are spaces: composition is associative, every space has an identity, every arrow
 * an inverse, and the log-determinant is a functor into (R, +). As fp-ts instances, so that a flow is `concatAll` of its layers.
 */
import type { Category2 } from "#fp-ts/Category"
import type { Semigroup } from "#fp-ts/Semigroup"
import type { Bijector, Space } from "./bijector.ts"
import { compose } from "./compose.ts"
import { identity } from "./identity.ts"
import { invert } from "./invert.ts"

const URI = "pushforward/Bijector"
export type URI = typeof URI

/** A bijector with its ends in the type, where fp-ts's algebra wants them. */
export interface Arrow<in out A, in out B> extends Bijector {
  readonly _ends?: (a: A, b: B) => [A, B]
}

declare module "fp-ts/HKT" {
  interface URItoKind2<E, A> {
    readonly [URI]: Arrow<E, A>
  }
}

export interface Groupoid extends Category2<URI> {
  readonly invert: <A, B>(arrow: Arrow<A, B>) => Arrow<B, A>
}

/** The groupoid seen from one of its objects: `id` is the identity of `space`. */
export const groupoid = (space: Space): Groupoid => ({
  URI,
  id: () => identity(space.shape, space.constraint),
  compose: (second, first) => compose(first, second),
  invert
})

/** Composition in reading order. */
export const semigroup: Semigroup<Bijector> = { concat: compose }
