/** Simulation: an Effect with sites in it, among others, run once with all its values kept. */
import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import { SiteError } from "../errors.ts"
import type { NDArray, Shape } from "../graph/types.ts"
import type { RunOptions } from "./compute.ts"
import { eagerPrior } from "./eager.ts"
import { Interpreter, type PlateRow } from "./interpreter.ts"
import type { LeafRequest } from "./request.ts"
import type { Asked, SiteValues } from "./types.ts"

export interface Simulated<A, R> {
  readonly result: A
  /** Every site that has a value: [...rows, ...event]. */
  readonly sites: SiteValues<R>
}

interface Kept {
  readonly rows: Shape
  readonly places: Set<string>
  readonly values: Array<tf.Tensor>
}

const isKept = (site: LeafRequest): boolean =>
  site.kind === "deterministic" || ((site.kind === "sample" || site.kind === "observe") && !site.hidden)

/** The values of an interpreter's answers by site; a name is used once a row. */
const keeping = (below: Interpreter["Service"], kept: Map<string, Kept>): Interpreter["Service"] => {
  const keep = ({ name }: LeafRequest, rows: ReadonlyArray<PlateRow>, value: tf.Tensor): Effect.Effect<void, SiteError> => {
    const site = kept.get(name) ?? { rows: rows.map(({ size }) => size), places: new Set(), values: [] }
    const place = rows.map(({ plate, index }) => `${plate} ${index}`).join("/")
    if (site.places.has(place))
      return Effect.fail(
        new SiteError({
          site: name,
          reason: "its name is used twice in one run. Rename one, or put the part that repeats in a scope or a plate."
        })
      )
    site.places.add(place)
    site.values.push(value)
    kept.set(name, site)
    return Effect.void
  }
  return {
    answer: (site, rows) =>
      Effect.tap(below.answer(site, rows), (value) => (isKept(site) && value instanceof tf.Tensor ? keep(site, rows, value) : Effect.void))
  }
}

const read = ({ rows, values }: Kept): Effect.Effect<NDArray> =>
  Effect.promise(async () => {
    const stacked = tf.stack(values)
    return { shape: [...rows, ...stacked.shape.slice(1)], data: await stacked.data() }
  })

/**
 * Runs an Effect whose sites are answered from the prior, and gives its result with the values of the sites. What else it asks for is still
 * to be provided.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { observe, sample, simulate } from "pushforward"
 * import { Gamma, Poisson } from "pushforward/distributions"
 *
 * const program = Effect.gen(function* () {
 *   const rate = yield* sample("rate", Gamma(2, 1))
 *   yield* Effect.sleep("1 milli")
 *   return yield* observe("count", Poisson(rate))
 * })
 * const { sites } = await Effect.runPromise(simulate(program, { seed: 1 }))
 * ```
 */
export const simulate = <A, E, R>(
  program: Effect.Effect<A, E, R>,
  options: RunOptions = {}
): Effect.Effect<Simulated<A, R>, E | SiteError, Exclude<R, Asked>> =>
  Effect.suspend(() => {
    const kept = new Map<string, Kept>()
    return Effect.gen(function* () {
      const result = yield* Effect.provideService(program, Interpreter, keeping(eagerPrior(options), kept))
      const sites: Record<string, NDArray> = {}
      for (const [name, site] of kept) sites[name] = yield* read(site)
      return { result, sites }
    })
  }) as unknown as Effect.Effect<Simulated<A, R>, E | SiteError, Exclude<R, Asked>>
