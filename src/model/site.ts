/** Site: a request that is also an Effect. `yield*` hands it to whatever runs the model: a plain loop, or Effect with an interpreter. */
import type * as Effect from "effect/Effect"
import * as Effectable from "effect/Effectable"
import type * as Fiber from "effect/Fiber"
import { SiteError } from "../errors.ts"
import type { SiteRequest } from "./request.ts"

export interface Site<out A, out R> extends Effect.Effect<A, SiteError, R> {
  readonly request: SiteRequest
  [Symbol.iterator](): Effect.EffectIterator<Site<A, R>>
}

/** What yields sites and then returns: a site itself, a model, the body of a plate. */
export interface Program<out A, out R = unknown> {
  [Symbol.iterator](): Iterator<Site<unknown, R>, A, unknown>
}

export type AnySite = Site<unknown, unknown>
export type RequirementOf<S> = S extends Site<infer _, infer R> ? R : never

const wordsOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

/** The error of a site, made here, with the stack of here. */
export const siteError = (site: string, cause: unknown): SiteError =>
  cause instanceof SiteError
    ? new SiteError({ site: cause.site, reason: cause.reason, ...(cause.cause !== undefined && { cause: cause.cause }) })
    : new SiteError({ site, reason: wordsOf(cause), cause })

/** What is thrown into a body where it asked for a site: the site, by its full name, and what went wrong. */
export class Failure {
  readonly site: string
  readonly cause: unknown
  constructor(site: string, cause: unknown) {
    this.site = site
    this.cause = cause
  }
}

/** What the body of a plate or a chain threw, on its way through the body about it: it stays as it is. */
export class BodyError {
  readonly thrown: unknown
  constructor(thrown: unknown) {
    this.thrown = thrown
  }
}

/** Yields the site once. Its `throw` is called inside the user's suspended `yield*`, so that the error's stack shows that line. */
class SiteIterator {
  private readonly site: AnySite
  private asked = false
  constructor(site: AnySite) {
    this.site = site
  }
  next(answer?: unknown): IteratorResult<AnySite, unknown> {
    if (this.asked) return { value: answer, done: true }
    this.asked = true
    return { value: this.site, done: false }
  }
  throw(thrown: unknown): never {
    if (thrown instanceof BodyError) throw thrown.thrown
    throw thrown instanceof Failure ? siteError(thrown.site, thrown.cause) : siteError(this.site.request.name, thrown)
  }
  return(value?: unknown): IteratorResult<AnySite, unknown> {
    return { value, done: true }
  }
  [Symbol.iterator](): this {
    return this
  }
}

/** A constructor of sites, given how one is evaluated as an Effect. */
export const siteOf = <Q extends SiteRequest>(
  label: string,
  evaluate: (request: Q, fiber: Fiber.Fiber<unknown, unknown>) => Effect.Effect<unknown, SiteError, unknown>
): (<A, R>(request: Q) => Site<A, R>) => {
  const prototype = Object.assign(
    Effectable.Prototype<AnySite>({
      label: `pushforward/${label}`,
      evaluate(this: AnySite, fiber) {
        return evaluate(this.request as Q, fiber)
      }
    }),
    {
      [Symbol.iterator](this: AnySite) {
        return new SiteIterator(this)
      }
    }
  )
  return (request) => Object.assign(Object.create(prototype), { request })
}
