import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { EngineError } from "../errors.ts"
import type { ModelError } from "../model/compute.ts"
import type { FitInfo, FitState } from "../inference/variational.ts"
import type { Model } from "../model/model.ts"
import type { Continuous } from "../model/types.ts"
import type { Posterior } from "../posterior/posterior.ts"
import type { FitFailure, FitOptions } from "./options.ts"
import type { GuideFor } from "./prepare.ts"
import { prepare } from "./prepare.ts"
import { stretches } from "./steps.ts"

/** One step of a fit. A posterior can be taken of any. */
export interface FitStep<R> {
  readonly state: FitState
  readonly info: FitInfo
  readonly posterior: Effect.Effect<Posterior<R>, ModelError | EngineError>
}

/**
 * The fit as a stream of its steps: states and infos, for those who watch, stop or choose for themselves. `stop` plays no part.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Stream from "effect/Stream"
 * import { fitStream, model, observe, sample } from "pushforward"
 * import { Normal } from "pushforward/distributions"
 * import { meanField } from "pushforward/guides"
 *
 * const location = model(function* (y: number) {
 *   const mu = yield* sample("mu", Normal(0, 1))
 *   yield* observe("y", Normal(mu, 1), y)
 * })
 * const elbos = fitStream(location(1), meanField(), { steps: 20 }).pipe(Stream.map(({ info }) => info.elbo))
 * console.log(await Effect.runPromise(Stream.runCollect(elbos)))
 * ```
 */
export const fitStream = <A, R, B = never, RG = never>(
  model: Model<A, R> & Continuous<R>,
  guide: GuideFor<R, B, RG>,
  options: FitOptions = {}
): Stream.Stream<FitStep<R>, FitFailure> =>
  Stream.unwrap(
    Effect.map(prepare<R>(model, guide, options), ({ algorithm, steps, posterior }) =>
      Stream.map(
        stretches(algorithm, steps, () => 1),
        ({ state, infos }) => ({ state, info: infos[0]!, posterior: posterior(state) })
      )
    )
  )
