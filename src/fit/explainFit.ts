import * as Effect from "effect/Effect"
import type { Engine } from "../engine/engine.ts"
import type { WasmOptions } from "../engine/wasm/wasm.ts"
import type { Program } from "../graph/types.ts"
import type { Model } from "../model/model.ts"
import type { Continuous } from "../model/types.ts"
import { explain } from "../report/explain.ts"
import { located } from "./locate.ts"
import type { FitFailure, FitOptions } from "./options.ts"
import type { GuideFor } from "./prepare.ts"
import { prepare } from "./prepare.ts"

export type ExplainFitOptions = Omit<FitOptions, "engine"> & WasmOptions

/**
 * What the step of a fit becomes in the compiled engine, as `explain` tells it; in float64 unless `precision` says otherwise. Takes no step.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { explainFit, model, observe, sample } from "pushforward"
 * import { Normal } from "pushforward/distributions"
 * import { fullRank } from "pushforward/guides"
 *
 * const location = model(function* (y: number) {
 *   const mu = yield* sample("mu", Normal(0, 1))
 *   yield* observe("y", Normal(mu, 1), y)
 * })
 * console.log(await Effect.runPromise(explainFit(location(1), fullRank(), { precision: "float32" })))
 * ```
 */
export const explainFit = <A, R, B = never, RG = never>(
  model: Model<A, R> & Continuous<R>,
  guide: GuideFor<R, B, RG>,
  { precision = "float64", fused, threads, ...options }: ExplainFitOptions = {}
): Effect.Effect<string, FitFailure> =>
  Effect.scoped(
    Effect.gen(function* () {
      const compiled: Array<readonly [Program, ReadonlyArray<string>]> = []
      const nothing = Effect.die("the step is only looked at")
      const engine: Engine = {
        name: "explain",
        compile: (program) => Effect.succeed({ program, run: () => nothing }),
        iterate: (program, carried) => {
          compiled.push([program, carried])
          return Effect.succeed({ program, run: () => nothing })
        }
      }
      yield* prepare<R>(model, guide, { ...options, engine })
      const [program, carried] = compiled[0]!
      return explain(program, {
        precision,
        ...(fused === undefined ? {} : { fused }),
        ...(threads === undefined ? {} : { threads }),
        carried
      })
    }).pipe(Effect.mapError(located(model)))
  )
