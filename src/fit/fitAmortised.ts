import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import { DefaultEngine } from "../engine/default.ts"
import type { Engine } from "../engine/engine.ts"
import type { EngineError } from "../errors.ts"
import { sizeOf } from "../graph/shape.ts"
import type { NDArray } from "../graph/types.ts"
import type { AmortisedGuide, Start } from "../guide/guide.ts"
import { flowApproximation } from "../inference/approximation.ts"
import type { DataNames } from "../inference/features.ts"
import { withheld } from "../inference/features.ts"
import type { Objective, ReverseKL } from "../inference/objective.ts"
import { bothKL, reverseTerm } from "../inference/objective.ts"
import { simulate } from "../inference/simulation.ts"
import type { Scaling } from "../inference/standardise.ts"
import { scalingOf, standardised, weightOf } from "../inference/standardise.ts"
import { diagonalFactor } from "../inference/start/curvature.ts"
import type { Trained } from "../inference/step.ts"
import { stepProgram } from "../inference/step.ts"
import type { Target } from "../inference/target.ts"
import { runFrom, targetOf } from "../inference/target.ts"
import { modelParams } from "../inference/trainables.ts"
import { variational } from "../inference/variational.ts"
import { wholeNumber } from "../inference/wholeNumber.ts"
import type { Params, TensorParams } from "../learnable/learnable.ts"
import { unflatten } from "../learnable/tree.ts"
import type { ModelError } from "../model/compute.ts"
import { attemptTrace, compute, toTensors } from "../model/compute.ts"
import type { Model } from "../model/model.ts"
import type { Continuous, ObservedNames } from "../model/types.ts"
import { fold } from "../random/key.ts"
import { leave, newAxis, under } from "../trace/axes.ts"
import type { Amortised } from "./amortised.ts"
import { amortisedOf } from "./amortised.ts"
import type { FitFailure, TrainingOptions } from "./options.ts"
import { training } from "./options.ts"
import { run } from "./steps.ts"

export interface AmortisedFitOptions<R> extends TrainingOptions {
  /** Observed sites, which are simulated while training, and which the encoder reads. */
  readonly observed: ReadonlyArray<ObservedNames<R>>
  /** What the encoder reads besides: columns of the data of plates and chains, or sample sites, which are then given and not inferred. */
  readonly inputs?: ReadonlyArray<string>
  /** Data sets simulated a step; by default 128. */
  readonly dataSets?: number
  /** By default both directions of the KL divergence; `reverseKL()` is the ELBO alone, `forwardKL()` neural posterior estimation. */
  readonly objective?: Objective
}

/** Data sets that the standardisation is taken from. */
const surveyed = 4000

interface Survey {
  readonly features: Scaling
  readonly start: Start
}

/** Where data and latents lie, and how far they spread, in draws of the prior. */
const survey = (
  target: Target,
  names: DataNames,
  params: { readonly [name: string]: Params },
  engine: Engine,
  seed: number
): Effect.Effect<Survey, ModelError | EngineError> =>
  Effect.map(
    compute(
      () => {
        const axis = newAxis("data set", surveyed)
        return under(axis, () => {
          const model = Object.fromEntries(Object.entries(params).map(([name, p]) => [name, toTensors(p)]))
          const { latents, data, features } = simulate(target, names, model)
          const { u } = runFrom(target, latents, model, data)
          return { features: leave(features, axis), u: leave(u, axis) }
        })
      },
      { seed, engine }
    ),
    ({ features, u }) => {
      const scaling = (x: NDArray): Scaling => scalingOf(Float64Array.from(x.data), sizeOf(x.shape.slice(1)))
      const { centre, scale } = scaling(u)
      return { features: scaling(features), start: { shift: centre, scaleTril: diagonalFactor(scale) } }
    }
  )

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
      const { objective = bothKL(), engine = yield* DefaultEngine } = options
      const names: DataNames = { observed: options.observed, inputs: options.inputs ?? [] }
      const { target, dataSets, seed, key, steps, schedule } = yield* attemptTrace(() => ({
        ...training("fitAmortised", options, 0.002),
        dataSets: wholeNumber("fitAmortised.dataSets", options.dataSets ?? 128),
        target: targetOf(withheld(model, names.observed), [...names.observed, ...names.inputs])
      }))
      const trained = modelParams(target, fold(key, "model"))
      const { features, start } = yield* survey(target, names, trained, engine, seed)
      const approximation = flowApproximation(target, guide.guide, start, guide.context)
      const encoder = guide.encoder(features.centre.length)
      const params = {
        guide: { encoder: encoder.init(fold(key, "encoder")), flow: approximation.init(fold(key, "guide")) },
        model: trained
      }
      const term = ({ guide: g, model: m }: Trained): tf.Tensor => {
        const { encoder: e, flow } = g as { readonly encoder: TensorParams; readonly flow: TensorParams }
        const simulated = simulate(target, names, m)
        const given = { data: simulated.data, context: encoder.build(e)(standardised(simulated.features, features)) }
        const forward = (): tf.Tensor => approximation.at(simulated.latents, flow, m, given).logGuide
        const reverse = (how: ReverseKL): tf.Tensor =>
          tf.mul(weightOf(simulated.features, features), reverseTerm(how, approximation, flow, m, given))
        switch (objective._tag) {
          case "ForwardKL":
            return forward()
          case "ReverseKL":
            return reverse(objective)
          case "BothKL":
            return tf.add(forward(), reverse(objective.reverse))
        }
      }
      const program = yield* attemptTrace(() => stepProgram(params, dataSets, term))
      const algorithm = yield* variational(program, params, { seed, steps, schedule, engine })
      const { last: state } = yield* run(guide.name, objective._tag === "ReverseKL" ? "ELBO" : "objective", steps, algorithm, options.stop)
      return amortisedOf<R>({
        guide,
        encoder,
        names,
        features,
        start,
        target,
        engine,
        params: unflatten(params, state.parameters) as typeof params,
        rejected: state.rejected
      })
    })
  )
