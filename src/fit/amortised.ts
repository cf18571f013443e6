/** A fit of all data sets at once, to be asked about any. */
import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import type { Engine } from "../engine/engine.ts"
import type { EngineError } from "../errors.ts"
import { ArgumentError } from "../errors.ts"
import { sameShape, showShape, sizeOf } from "../graph/shape.ts"
import type { NDArray } from "../graph/types.ts"
import type { AmortisedGuide, Start } from "../guide/guide.ts"
import { flowApproximation } from "../inference/approximation.ts"
import type { DataNames } from "../inference/features.ts"
import { featuresOf, watching } from "../inference/features.ts"
import type { Scaling } from "../inference/standardise.ts"
import { standardised } from "../inference/standardise.ts"
import type { ModelParams, Target } from "../inference/target.ts"
import { runAt, targetOf } from "../inference/target.ts"
import type { Learnable, Params } from "../learnable/learnable.ts"
import type { ModelError } from "../model/compute.ts"
import { attemptTrace, compute, toTensors } from "../model/compute.ts"
import type { Model } from "../model/model.ts"
import type { Draws, Posterior, SeedOptions } from "../posterior/posterior.ts"
import { posteriorOf } from "../posterior/posterior.ts"
import type { Fitted } from "../posterior/sampler.ts"
import { sampleGuide } from "../posterior/sampler.ts"
import { fold, keyOf } from "../random/key.ts"

export interface Amortised<R> {
  /** The posterior of a model with its data; what lies outside the range of the training data is in its `warnings`, and logged. */
  readonly posterior: <A, R2>(model: Model<A, R2>) => Effect.Effect<Posterior<R>, ModelError | EngineError>
  /** Draws alone, without the diagnostics of a posterior: for many data sets. */
  readonly draws: <A, R2>(model: Model<A, R2>, count: number, options?: SeedOptions) => Effect.Effect<Draws<R>, ModelError | EngineError>
  readonly params: Params
}

export interface AmortisedFit {
  readonly guide: AmortisedGuide
  readonly encoder: Learnable<(features: tf.Tensor) => tf.Tensor>
  readonly names: DataNames
  readonly features: Scaling
  readonly start: Start
  readonly target: Target
  readonly engine: Engine
  readonly params: {
    readonly guide: { readonly encoder: Params; readonly flow: Params }
    readonly model: { readonly [name: string]: Params }
  }
  /** Steps of the fit that were not finite. */
  readonly rejected: number
}

const checkSameLatents = (trained: Target, asked: Target): void => {
  const shapes = (t: Target): string => t.latents.map((l) => `${l.name} ${showShape(l.shape)}`).join(", ")
  if (
    asked.latents.length === trained.latents.length &&
    asked.latents.every((l, i) => l.name === trained.latents[i]!.name && sameShape(l.shape, trained.latents[i]!.shape))
  )
    return
  throw new ArgumentError({
    argument: "amortised.posterior.model",
    expected: `the latents that it was trained on: ${shapes(trained)}`,
    received: shapes(asked),
    remedy: "An amortised posterior is for data sets of one size; train another for other sizes."
  })
}

/** Which features lie outside what training has seen. */
const unfamiliar = (values: NDArray, { low, high }: Scaling, names: DataNames): ReadonlyArray<string> => {
  const outside = [...values.data].flatMap((v, i) =>
    v < low[i]! || v > high[i]! ? [`${v} (trained on ${low[i]!.toPrecision(3)} to ${high[i]!.toPrecision(3)})`] : []
  )
  if (outside.length === 0) return []
  return [
    `Asked about data outside what it was trained on: ${outside.slice(0, 3).join(", ")}${outside.length > 3 ? `, and ${outside.length - 3} more` : ""} of ${[...names.observed, ...names.inputs].join(", ")}.`
  ]
}

export const amortisedOf = <R>({
  guide,
  encoder,
  names,
  features,
  start,
  target,
  engine,
  params,
  rejected
}: AmortisedFit): Amortised<R> => {
  /** The flow at what the encoder makes of a model's data. */
  const fittedFor = (model: Model<unknown, unknown>): Effect.Effect<Fitted, ModelError | EngineError> =>
    Effect.gen(function* () {
      const asked = yield* attemptTrace(() => {
        const found = targetOf(model)
        checkSameLatents(target, found)
        return found
      })
      const { values, context } = yield* compute(
        () => {
          const columns = new Map<string, tf.Tensor>()
          const visited = runAt(
            { ...asked, model: watching(asked.model, columns) },
            tf.zeros([asked.dimension]),
            toTensors(params.model) as ModelParams
          )
          const raw = featuresOf(visited, columns, names)
          const expected = features.centre.length
          if (sizeOf(raw.shape) !== expected) {
            throw new ArgumentError({
              argument: "amortised.posterior.model",
              expected: `${expected} numbers in ${[...names.observed, ...names.inputs].join(", ")}, as it was trained on`,
              received: String(sizeOf(raw.shape))
            })
          }
          return { values: raw, context: encoder.build(toTensors(params.guide.encoder))(standardised(raw, features)) }
        },
        { engine }
      )
      const warnings = unfamiliar(values, features, names)
      yield* Effect.forEach(warnings, (w) => Effect.logWarning(w), { discard: true })
      return {
        approximation: flowApproximation(asked, guide.guide, start, guide.context),
        engine,
        params: { guide: params.guide.flow, model: params.model },
        context,
        warnings,
        rejected
      }
    })
  return {
    params,
    posterior: (model) => Effect.flatMap(fittedFor(model), (fitted) => posteriorOf<R>(fitted)),
    draws: (model, count, { seed = 0 } = {}) =>
      Effect.flatMap(fittedFor(model), (fitted) =>
        Effect.map(sampleGuide(fitted, count, fold(keyOf(seed), "draws")), ({ values }) => values as Draws<R>)
      )
  }
}
