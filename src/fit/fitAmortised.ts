import type * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import { DefaultEngine } from "../engine/default.ts"
import type { AmortisedGuide } from "../guide/guide.ts"
import { flowApproximation } from "../inference/approximation.ts"
import type { DataNames } from "../inference/features.ts"
import { withheld } from "../inference/features.ts"
import type { Objective, ReverseKL } from "../inference/objective.ts"
import { refinedKL } from "../inference/objective.ts"
import { largestOf } from "../inference/sets.ts"
import type { Trained } from "../inference/step.ts"
import { stepOfAll } from "../inference/step.ts"
import { modelParams } from "../inference/trainables.ts"
import type { Algorithm } from "../inference/variational.ts"
import { variational } from "../inference/variational.ts"
import { unflatten } from "../learnable/tree.ts"
import { attemptTrace } from "../model/compute.ts"
import type { Model } from "../model/model.ts"
import type { Continuous, ObservedNames } from "../model/types.ts"
import { fold } from "../random/key.ts"
import type { Amortised } from "./amortised.ts"
import { amortisedOf } from "./amortised.ts"
import { kindsOf } from "./kinds.ts"
import type { FitFailure, TrainingOptions } from "./options.ts"
import { training } from "./options.ts"
import { forwardTermOf, reverseTermOf, type Simulation } from "./simulated.ts"
import { run } from "./steps.ts"
import { survey } from "./survey.ts"

export interface AmortisedFitOptions<R> extends TrainingOptions {
  /** Observed sites, which are simulated while training, and which the encoder reads. */
  readonly observed: ReadonlyArray<ObservedNames<R>>
  /** What the encoder reads besides: columns of the data of plates and chains, or sample sites, which are then given and not inferred. */
  readonly inputs?: ReadonlyArray<string>
  /**
   * A plate whose rows the encoder takes as a set, in no order, and in any number from `fewest` up to the model's own, all by default. While
   * training the number is log-uniform. Latents are then to stand outside the plate.
   */
  readonly set?: { readonly plate: string; readonly fewest?: number }
  /** Data sets simulated a step; by default 128. */
  readonly dataSets?: number
  /** By default `refinedKL()`, the forward KL and then the ELBO; `reverseKL()` is the ELBO alone, `forwardKL()` neural posterior estimation. */
  readonly objective?: Objective
}

/** One algorithm for so many steps, then the other. */
const sequenced = (first: Algorithm, steps: number, second: Algorithm): Algorithm => ({
  init: first.init,
  advance: (state, most) => (state.step < steps ? first.advance(state, Math.min(most, steps - state.step)) : second.advance(state, most))
})

/**
 * Fits a conditional flow that gives the posterior for any data set, by data sets drawn from the prior predictive. What stands in
 * `observed` is simulated, whether the model has values for it or not; ask the result about data with `posterior(model(data))`.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { fitAmortised, model, observe, sample } from "pushforward"
 * import { Normal } from "pushforward/distributions"
 * import { amortised, realNVP } from "pushforward/guides"
 *
 * const location = model(function* (y?: number) {
 *   const mu = yield* sample("mu", Normal(0, 1))
 *   yield* observe("y", Normal(mu, 1), y)
 * })
 * const guide = amortised(realNVP({ couplings: 1 }), { context: 4, hidden: [8] })
 * const fitted = await Effect.runPromise(fitAmortised(location(), guide, { observed: ["y"], steps: 20 }))
 * const posterior = await Effect.runPromise(fitted.posterior(location(1)))
 * console.log(posterior.summary)
 * ```
 */
export const fitAmortised = <A, R>(
  model: Model<A, R> & Continuous<R>,
  guide: AmortisedGuide,
  options: AmortisedFitOptions<R>
): Effect.Effect<Amortised<R>, FitFailure> =>
  Effect.scoped(
    Effect.gen(function* () {
      const { objective = refinedKL(), engine = yield* DefaultEngine } = options
      const names: DataNames = { observed: options.observed, inputs: options.inputs ?? [], set: options.set?.plate }
      const { kinds, seed, key, steps, schedule } = yield* attemptTrace(() => ({
        ...training("fitAmortised", options, 0.002),
        kinds: kindsOf(withheld(model, names.observed), names, { dataSets: options.dataSets, fewest: options.set?.fewest })
      }))
      const targets = kinds.map(({ target }) => target)
      const target = targets[0]!
      const trained = modelParams(target, fold(key, "model"))
      const { scaling, familiar, start, typical } = yield* survey(targets, names, trained, engine, seed)
      const encoder = guide.encoder({
        ...(scaling.vector && { vector: scaling.vector.centre.length }),
        ...(scaling.rows && { rows: scaling.rows.centre.length })
      })
      const simulations = kinds.map((kind, i) => ({
        ...{ names, encoder, scaling, familiar },
        dataSets: kind.dataSets,
        approximation: flowApproximation(kind.target, guide.guide, start, guide.context),
        typical: typical[i]!
      }))
      const params = {
        guide: { encoder: encoder.init(fold(key, "encoder")), flow: simulations[0]!.approximation.init(fold(key, "guide")) },
        model: trained
      }
      const algorithmFor = (term: (simulation: Simulation, t: Trained) => tf.Tensor) =>
        Effect.flatMap(
          attemptTrace(() =>
            stepOfAll(
              params,
              simulations.map((s) => ({ draws: s.dataSets, term: (t) => term(s, t) }))
            )
          ),
          (step) => variational(step, params, { seed, steps, schedule, engine })
        )
      const reverse = (how: ReverseKL) => algorithmFor((simulation, t) => reverseTermOf(how, simulation, t))
      const algorithm =
        objective._tag === "ForwardKL"
          ? yield* algorithmFor(forwardTermOf)
          : objective._tag === "ReverseKL"
            ? yield* reverse(objective)
            : sequenced(yield* algorithmFor(forwardTermOf), Math.round(steps * objective.forward), yield* reverse(objective.reverse))
      const { last: state } = yield* run(guide.name, "objective", steps, algorithm, options.stop)
      return amortisedOf<R>({
        guide,
        encoder,
        names,
        scaling,
        familiar,
        sizes: options.set && { fewest: Math.ceil(kinds[0]!.sizes!.from), most: largestOf(kinds.at(-1)!.sizes!) },
        start,
        target,
        engine,
        params: unflatten(params, state.parameters) as typeof params,
        rejected: state.rejected
      })
    })
  )
