/** Plate: independent rows. The body is written for one. */
import * as Effect from "effect/Effect"
import { attempt, evaluateRow } from "./evaluate.ts"
import type { PlateRequest } from "./request.ts"
import { type RowOf, type Rows, rowThrough, table } from "./rows.ts"
import { type AnySite, type Program, type RequirementOf, type Site, siteOf } from "./site.ts"
import { pick, stackTrees, type TensorTree, type Widened } from "./value.ts"

export interface PlateOptions {
  /**
   * How many rows a step of training takes, at random: their densities count rows/subsample times. Latents in them take a guide written as
   * a model, with the same plate.
   */
  readonly subsample?: number | undefined
}

/** As an Effect, the body runs once a row. */
const loop = ({ name, data, body }: PlateRequest) =>
  Effect.gen(function* () {
    const rows = yield* attempt(name, () => table(data))
    const results: Array<unknown> = []
    for (let index = 0; index < rows.size; index++) {
      const row = yield* attempt(name, () => rowThrough(rows, (column) => pick(column, index)))
      results.push(yield* evaluateRow(body(row as never), { plate: name, index, size: rows.size }))
    }
    return yield* attempt(name, () => stackTrees(results))
  })

const plates = siteOf<PlateRequest>("Plate", loop)

/** The plate that asks for a request; for handlers. */
export const plateSite: (request: PlateRequest) => Site<unknown, unknown> = plates

/**
 * Independent rows. The body is for one of them: it gets the row's data as tensors, and what it returns comes back stacked on a leading
 * axis, as its latents do in draws. Plates nest.
 *
 * `data` are columns with equal leading lengths, one column, equal records, or a number of rows, whose indices the body then gets.
 * A column may be absent (`undefined`): so is then the row's.
 *
 * @example
 * ```ts
 * import { model, observe, plate, sample } from "pushforward"
 * import { Normal } from "pushforward/distributions"
 *
 * const schools = model(function* (data: { y: ReadonlyArray<number>; sigma: ReadonlyArray<number> }) {
 *   const mu = yield* sample("mu", Normal(0, 5))
 *   yield* plate("school", data, function* (school) {
 *     const theta = yield* sample("theta", Normal(mu, 5))
 *     yield* observe("y", Normal(theta, school.sigma), school.y)
 *   })
 * })
 * ```
 */
export const plate = <const Name extends string, const D extends Rows, S extends AnySite, A extends TensorTree | void>(
  name: Name,
  data: D,
  body: (row: RowOf<D>) => Generator<S, A, never>,
  options?: PlateOptions
): Site<Widened<A>, RequirementOf<S>> =>
  plates({ kind: "plate", name, data, subsample: options?.subsample, body: body as (row: never) => Program<unknown> })
