/** The types of a model: which sites it has, under which names, and of what kind. Names and kinds only, never sizes. */
import type { Kind } from "../distribution/distribution.ts"
import type { NDArray } from "../graph/types.ts"
import type { Params } from "../learnable/learnable.ts"
import type { Numeric } from "../trace/tensor.ts"

/** The kind of a site of real numbers. */
export type Real = "real"
/** The kind of a site of integers: it may be observed or drawn, but has no gradient and can't be fitted. */
export type Integer = "integer"

/**
 * A model asks for its sites as an Effect asks for its services: these stand in its requirement. Invariance (`in out`) keeps a site with
 * a dynamic name from swallowing the literal names beside it.
 */
export interface Sample<in out Name extends string, in out K extends Kind> {
  readonly "~pushforward/Sample": (_: readonly [Name, K]) => readonly [Name, K]
}
export interface Observe<in out Name extends string, in out K extends Kind> {
  readonly "~pushforward/Observe": (_: readonly [Name, K]) => readonly [Name, K]
}
export interface Deterministic<in out Name extends string> {
  readonly "~pushforward/Deterministic": (_: Name) => Name
}
export interface Factor<in out Name extends string> {
  readonly "~pushforward/Factor": (_: Name) => Name
}
export interface Param<in out Name extends string> {
  readonly "~pushforward/Param": (_: Name) => Name
}
/** A site hidden by `block`: drawn where the model needs it, but no part of its latents or its density. */
export interface Blocked<in out Name extends string> {
  readonly "~pushforward/Blocked": (_: Name) => Name
}

/** Any of the above: what an interpreter discharges. */
export type Asked =
  | { readonly "~pushforward/Sample": (_: never) => unknown }
  | { readonly "~pushforward/Observe": (_: never) => unknown }
  | { readonly "~pushforward/Deterministic": (_: never) => unknown }
  | { readonly "~pushforward/Factor": (_: never) => unknown }
  | { readonly "~pushforward/Param": (_: never) => unknown }
  | { readonly "~pushforward/Blocked": (_: never) => unknown }

type Simplify<T> = { [K in keyof T]: T[K] } & {}

export type LatentNames<R> = R extends Sample<infer Name, infer _> ? Name : never
export type ObservedNames<R> = R extends Observe<infer Name, infer _> ? Name : never
export type DeterministicNames<R> = R extends Deterministic<infer Name> ? Name : never
export type FactorNames<R> = R extends Factor<infer Name> ? Name : never
export type ParamNames<R> = R extends Param<infer Name> ? Name : never

/** The latents of a model with their kinds: `{ readonly mu: "real"; readonly cluster: "integer" }`. */
export type Latents<R> = Simplify<{
  readonly [S in R as S extends Sample<infer Name, infer _> ? Name : never]: S extends Sample<infer _, infer K> ? K : never
}>

/** Arrays by the names of `L`: draws and log densities. */
export type Arrays<L> = { readonly [Name in keyof L]: NDArray }
/** Values for the names of `L`, in any form that a user may hold them. */
export type Values<L> = { readonly [Name in keyof L]: Numeric }
/** An array for every site that has a value: latent, observed, deterministic. */
export type SiteValues<R> = { readonly [Name in LatentNames<R> | ObservedNames<R> | DeterministicNames<R>]: NDArray }
/** An array for every site that has a log density. */
export type SiteDensities<R> = { readonly [Name in LatentNames<R> | ObservedNames<R> | FactorNames<R>]: NDArray }
/** The parameters of a model's `param` sites. */
export type Trainables<R> = { readonly [Name in ParamNames<R>]: Params }

export type Conditioned<R, Name> = R extends Sample<infer N, infer K> ? (N extends Name ? Observe<N, K> : R) : R
export type Intervened<R, Name> =
  R extends Sample<infer N, infer _>
    ? N extends Name
      ? Deterministic<N>
      : R
    : R extends Observe<infer N, infer _>
      ? N extends Name
        ? Deterministic<N>
        : R
      : R
export type Hidden<R, Name> =
  R extends Sample<infer N, infer _>
    ? N extends Name
      ? Blocked<N>
      : R
    : R extends Observe<infer N, infer _>
      ? N extends Name
        ? Blocked<N>
        : R
      : R extends Factor<infer N>
        ? N extends Name
          ? Blocked<N>
          : R
        : R
export type Prefixed<R, P extends string> =
  R extends Sample<infer N, infer K>
    ? Sample<`${P}.${N}`, K>
    : R extends Observe<infer N, infer K>
      ? Observe<`${P}.${N}`, K>
      : R extends Deterministic<infer N>
        ? Deterministic<`${P}.${N}`>
        : R extends Factor<infer N>
          ? Factor<`${P}.${N}`>
          : R extends Param<infer N>
            ? Param<`${P}.${N}`>
            : R extends Blocked<infer N>
              ? Blocked<`${P}.${N}`>
              : R

/** What is asked of a guide for a model: that it samples each of the model's latents. */
export type Covers<RM, RG> = [LatentNames<RM>] extends [LatentNames<RG>]
  ? unknown
  : { readonly "the guide does not sample": Exclude<LatentNames<RM>, LatentNames<RG>> }
/** What is asked of a model that is to be fitted: that its latents are real. */
export type Continuous<R> =
  Latents<R> extends { readonly [Name in keyof Latents<R>]: Real }
    ? unknown
    : { readonly "discrete latents can't be fitted": { [S in R as S extends Sample<infer N, Integer> ? N : never]: Integer } }
