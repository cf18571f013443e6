/** From a model and a guide to an algorithm, and to a posterior of any of its states. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { DefaultEngine } from "../engine/default.ts"
import type { EngineError } from "../errors.ts"
import { ArgumentError } from "../errors.ts"
import type { Guide } from "../guide/guide.ts"
import { flowApproximation } from "../inference/approximation.ts"
import { modelApproximation } from "../inference/modelApproximation.ts"
import { reverseKL, reverseTerm } from "../inference/objective.ts"
import { densityOf } from "../inference/start/density.ts"
import { startOf } from "../inference/start/start.ts"
import { stepOf } from "../inference/step.ts"
import type { Target } from "../inference/target.ts"
import { targetOf, wholeTarget } from "../inference/target.ts"
import { modelParams } from "../inference/trainables.ts"
import type { Algorithm, FitState } from "../inference/variational.ts"
import { variational } from "../inference/variational.ts"
import { wholeNumber } from "../inference/wholeNumber.ts"
import type { Params } from "../learnable/learnable.ts"
import { sizeOfTree, unflatten } from "../learnable/tree.ts"
import type { ModelError } from "../model/compute.ts"
import { attemptTrace } from "../model/compute.ts"
import type { Model } from "../model/model.ts"
import type { Covers } from "../model/types.ts"
import type { Posterior } from "../posterior/posterior.ts"
import { posteriorOf } from "../posterior/posterior.ts"
import type { Key } from "../random/key.ts"
import { fold } from "../random/key.ts"
import type { FitFailure, FitOptions } from "./options.ts"
import { training } from "./options.ts"

/** A guide for a model with requirement `R`: an automatic one, or a model that samples each of its latents. */
export type GuideFor<R, A, RG> = Guide | (Model<A, RG> & Covers<R, RG>)

export interface Prepared<R> {
  readonly name: string
  readonly steps: number
  readonly algorithm: Algorithm
  readonly posterior: (state: FitState) => Effect.Effect<Posterior<R>, ModelError | EngineError>
}

const isAutomatic = (guide: Guide | Model<unknown, unknown>): guide is Guide => "flow" in guide

const startFor = (target: Target, trained: { readonly [name: string]: Params }, key: Key) =>
  Effect.scoped(
    Effect.flatMap(densityOf(target, trained, Uint32Array.of(key.hi, key.lo, 0)), (density) => startOf(density, fold(key, "start")))
  )

/** Everything a fit trains. */
type Trained = { readonly guide: Params; readonly model: { readonly [name: string]: Params } }

const refuseNothing = (guide: string, params: Trained): void => {
  if (sizeOfTree(params) > 0) return
  throw new ArgumentError({
    argument: "fit.guide",
    expected: "something to train: a guide or a model with parameters",
    received: `"${guide}" without any`
  })
}

export const prepare = <R>(
  model: Model<unknown, R>,
  guide: Guide | Model<unknown, unknown>,
  options: FitOptions
): Effect.Effect<Prepared<R>, FitFailure, Scope.Scope> =>
  Effect.gen(function* () {
    const { objective = reverseKL(), engine = yield* DefaultEngine, from } = options
    const { target, draws, seed, key, steps, schedule } = yield* attemptTrace(() => ({
      ...training("fit", options, 0.005),
      draws: wholeNumber("fit.draws", options.draws ?? 64),
      target: isAutomatic(guide) ? wholeTarget(targetOf(model)) : targetOf(model)
    }))
    const trained = modelParams(target, fold(key, "model"))
    const { approximation, modes } = isAutomatic(guide)
      ? yield* Effect.map(startFor(target, trained, key), ({ start, modes }) => ({
          approximation: flowApproximation(target, guide, start),
          modes
        }))
      : { approximation: yield* attemptTrace(() => modelApproximation(target, guide)), modes: [] }
    const params: Trained = { guide: approximation.init(fold(key, "guide")), model: trained }
    const step = yield* attemptTrace(() => {
      refuseNothing(approximation.name, params)
      return stepOf(params, draws, (t) => reverseTerm(objective, approximation, t.guide, t.model))
    })
    return {
      name: approximation.name,
      steps,
      algorithm: yield* variational(step, params, { seed, steps, schedule, engine, from }),
      posterior: ({ parameters, rejected }) =>
        posteriorOf<R>({ approximation, modes, engine, rejected, params: unflatten(params, parameters) as Trained })
    }
  })
