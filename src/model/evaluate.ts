/** Programs of sites as Effects: run eagerly, one row and one step after the other. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { SiteError } from "../errors.ts"
import { type PlateRow, PlateRows } from "./interpreter.ts"
import { type AnySite, BodyError, Failure, type Program, siteError } from "./site.ts"

/** What `f` throws is an error of the site. */
export const attempt = <A>(site: string, f: () => A): Effect.Effect<A, SiteError> =>
  Effect.try({ try: f, catch: (cause) => siteError(site, cause) })

/** A site's error is a failure; what else the user's code throws is a defect. */
const resumed = <A>(resume: () => A): Effect.Effect<A, SiteError> =>
  Effect.suspend(() => {
    try {
      return Effect.succeed(resume())
    } catch (error) {
      return error instanceof SiteError ? Effect.fail(error) : Effect.die(error)
    }
  })

const hasBody = ({ request: { kind } }: AnySite): boolean => kind === "plate" || kind === "markov"

const thrownBy = (site: AnySite, error: SiteError): Failure | BodyError =>
  hasBody(site) && error.site !== site.request.name ? new BodyError(error) : new Failure(site.request.name, error)

/** The program as an Effect. As in a plain loop, the failure of a site is thrown into the body, which may catch it. */
export const evaluate = <A, R>(program: Program<A, R>): Effect.Effect<A, SiteError, R> =>
  Effect.gen(function* () {
    const iterator = program[Symbol.iterator]()
    let step = yield* resumed(() => iterator.next())
    while (step.done !== true) {
      const site = step.value
      const outcome = yield* Effect.result(site)
      step = yield* resumed(() => {
        if (Result.isSuccess(outcome)) return iterator.next(outcome.success)
        if (iterator.throw === undefined) throw outcome.failure
        return iterator.throw(thrownBy(site, outcome.failure))
      })
    }
    return step.value
  })

/** The program as an Effect, at one more row. */
export const evaluateRow = <A, R>(program: Program<A, R>, row: PlateRow): Effect.Effect<A, SiteError, R> =>
  Effect.flatMap(PlateRows, (rows) => Effect.provideService(evaluate(program), PlateRows, [...rows, row])) as Effect.Effect<A, SiteError, R>
