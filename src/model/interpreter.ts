/** The service that answers sites when a model runs as an Effect. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { SiteError } from "../errors.ts"
import type { LeafRequest } from "./request.ts"
import type { Asked } from "./types.ts"

/** Where in its plates, outermost first, a site stands in this run of their bodies. */
export interface PlateRow {
  readonly plate: string
  readonly index: number
  readonly size: number
}

/**
 * Answers a site: with a tensor for `sample`, `observe` and `deterministic`, with what the learnable builds for `param`, with nothing for
 * `factor`. A value that the site has been given is in `site.given`, already that of the row. It may be asynchronous, and it may fail.
 */
export class Interpreter extends Context.Service<
  Interpreter,
  { readonly answer: (site: LeafRequest, rows: ReadonlyArray<PlateRow>) => Effect.Effect<unknown, SiteError> }
>()("pushforward/Interpreter") {}

/** The rows of the plates whose bodies are running in this fiber. */
export const PlateRows = Context.Reference<ReadonlyArray<PlateRow>>("pushforward/PlateRows", { defaultValue: () => [] })

/**
 * A Layer from the making of an interpreter. It discharges every site of what it is provided to; it may read the interpreter below it,
 * and so wrap it.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { Interpreter, layerInterpreter } from "pushforward"
 *
 * const counting = (count: { sites: number }) =>
 *   layerInterpreter(
 *     Effect.map(Interpreter, (below) => ({
 *       answer: (site, rows) => {
 *         count.sites++
 *         return below.answer(site, rows)
 *       }
 *     }))
 *   )
 * ```
 */
export const layerInterpreter = <E, R>(make: Effect.Effect<Interpreter["Service"], E, R>): Layer.Layer<Interpreter | Asked, E, R> =>
  Layer.effect(Interpreter, make) as Layer.Layer<Interpreter | Asked, E, R>
