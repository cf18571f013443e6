import * as Effect from "effect/Effect"
import type { Model } from "../model/model.ts"
import type { Continuous } from "../model/types.ts"
import type { Posterior } from "../posterior/posterior.ts"
import { located } from "./locate.ts"
import type { FitFailure, FitOptions } from "./options.ts"
import type { GuideFor } from "./prepare.ts"
import { prepare } from "./prepare.ts"
import { run } from "./steps.ts"

/**
 * Fits a guide to the posterior of a model, and looks at what came out: by default by the path-derivative ELBO, in 2,000 steps of 64 draws. Automatic guides start from a mode of the posterior and its curvature, so that units
 * and correlations need no care.
 *
 * It tells `Progress` how far it is. Interruption releases what it holds. A step whose objective or gradient is not finite is not applied:
 * the fit goes back to where it was finite, at half the rate (which a hundred good steps double again). Ten in a row fail with a `FitError`
 * that says where it arose; its state can be gone on from, by the option `from`.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { fit, model, observe, sample } from "pushforward"
 * import { Normal } from "pushforward/distributions"
 * import { fullRank } from "pushforward/guides"
 *
 * const location = model(function* (y: number) {
 *   const mu = yield* sample("mu", Normal(0, 1))
 *   yield* observe("y", Normal(mu, 1), y)
 * })
 * const posterior = await Effect.runPromise(fit(location(1), fullRank(), { steps: 100 }))
 * console.log(posterior.summary, posterior.verdict.text)
 * ```
 */
export const fit = <A, R, B = never, RG = never>(
  model: Model<A, R> & Continuous<R>,
  guide: GuideFor<R, B, RG>,
  options: FitOptions = {}
): Effect.Effect<Posterior<R>, FitFailure> =>
  Effect.scoped(
    Effect.gen(function* () {
      const { name, steps, algorithm, posterior } = yield* prepare<R>(model, guide, options)
      const { best } = yield* run(name, "ELBO", steps, algorithm, options.stop)
      return yield* posterior(best)
    }).pipe(Effect.mapError(located(model)))
  )
