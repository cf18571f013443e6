/** A fit of all data sets at once, to be asked about any. */
import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import type { Engine } from "../engine/engine.ts"
import type { EngineError } from "../errors.ts"
import { ArgumentError } from "../errors.ts"
import { sameShape, showShape } from "../graph/shape.ts"
import type { NDArray } from "../graph/types.ts"
import type { AmortisedGuide, Encoder, Features, Start } from "../guide/guide.ts"
import { flowApproximation } from "../inference/approximation.ts"
import type { Columns, DataNames } from "../inference/features.ts"
import { digestOf, featuresOf, watching } from "../inference/features.ts"
import type { Scaling } from "../inference/standardise.ts"
import type { ModelParams, Target } from "../inference/target.ts"
import { runAt, targetOf } from "../inference/target.ts"
import type { Learnable, Params } from "../learnable/learnable.ts"
import type { ModelError } from "../model/compute.ts"
import { attemptTrace, compute, toTensors } from "../model/compute.ts"
import type { Model } from "../model/model.ts"
import type { Latents, Values } from "../model/types.ts"
import { logDensitiesOf } from "../posterior/logDensity.ts"
import type { Draws, Posterior, SeedOptions } from "../posterior/posterior.ts"
import { posteriorOf } from "../posterior/posterior.ts"
import type { Fitted } from "../posterior/sampler.ts"
import { drawGuide } from "../posterior/sampler.ts"
import { fold, keyOf } from "../random/key.ts"
import type { Numeric } from "../trace/tensor.ts"
import { standardisedFeatures } from "./simulated.ts"
import type { FeatureScaling } from "./survey.ts"

export interface Amortised<R> {
  /** The posterior of a model with its data; what lies outside the range of the training data is in its `warnings`, and logged. */
  readonly posterior: <A, R2>(model: Model<A, R2>) => Effect.Effect<Posterior<R>, ModelError | EngineError>
  /** Draws alone, without the diagnostics of a posterior: for many data sets. */
  readonly draws: <A, R2>(model: Model<A, R2>, count: number, options?: SeedOptions) => Effect.Effect<Draws<R>, ModelError | EngineError>
  /** The log densities of its posterior at values of the latents, as draws give them: [draws]. */
  readonly logDensities: <A, R2>(model: Model<A, R2>, values: Values<Latents<R>>) => Effect.Effect<Float64Array, ModelError | EngineError>
  readonly params: Params
}

export interface AmortisedFit {
  readonly guide: AmortisedGuide
  readonly encoder: Learnable<Encoder>
  readonly names: DataNames
  readonly scaling: FeatureScaling
  /** Of the digest of a data set. */
  readonly familiar: Scaling
  /** Of the set. */
  readonly sizes?: { readonly fewest: number; readonly most: number } | undefined
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

/** Which numbers of a data set lie outside what training has seen. */
const unfamiliar = (
  digest: NDArray,
  count: NDArray | undefined,
  { familiar: { low, high }, sizes, names }: AmortisedFit
): ReadonlyArray<string> => {
  const outside = [...digest.data].flatMap((v, i) =>
    v < low[i]! || v > high[i]! ? [`${v.toPrecision(3)} (trained on ${low[i]!.toPrecision(3)} to ${high[i]!.toPrecision(3)})`] : []
  )
  const rows = count?.data[0]
  const values =
    outside.length === 0
      ? []
      : [
          `Asked about data outside what it was trained on: ${outside.slice(0, 3).join(", ")}${outside.length > 3 ? `, and ${outside.length - 3} more` : ""} of ${names.set === undefined ? "" : "the numbers, means and standard deviations of "}${[...names.observed, ...names.inputs].join(", ")}.`
        ]
  return rows === undefined || sizes === undefined || (rows >= sizes.fewest && rows <= sizes.most)
    ? values
    : [...values, `Asked about a data set of ${rows} rows; it was trained on ${sizes.fewest} to ${sizes.most}.`]
}

/** What is told in other lengths than in training. */
const checkSameWidths = ({ vector, rows }: Features, scaling: FeatureScaling): void => {
  for (const [what, length, expected] of [
    ["numbers", vector?.size, scaling.vector?.centre.length],
    ["numbers a row", rows?.shape[1], scaling.rows?.centre.length]
  ] as const) {
    if (length === expected) continue
    throw new ArgumentError({
      argument: "amortised.posterior.model",
      expected: `${expected ?? 0} ${what}, as it was trained on`,
      received: String(length ?? 0),
      remedy: "An amortised posterior is for data sets of one size, but for the rows of its `set`."
    })
  }
}

export const amortisedOf = <R>(fit: AmortisedFit): Amortised<R> => {
  const { guide, encoder, names, scaling, start, target, engine, params, rejected } = fit
  /** The flow at what the encoder makes of a model's data. */
  const fittedFor = (model: Model<unknown, unknown>): Effect.Effect<Fitted, ModelError | EngineError> =>
    Effect.gen(function* () {
      const asked = yield* attemptTrace(() => {
        const found = targetOf(model)
        checkSameLatents(target, found)
        return found
      })
      const { digest, count, context } = yield* compute(
        () => {
          const columns: Columns = new Map()
          const visited = runAt(
            { ...asked, model: watching(asked.model, columns) },
            tf.zeros([asked.dimension]),
            toTensors(params.model) as ModelParams
          )
          const features = featuresOf(visited, columns, names)
          checkSameWidths(features, scaling)
          const context = encoder.build(toTensors(params.guide.encoder))(standardisedFeatures(features, scaling))
          return { digest: digestOf(features), count: features.count, context }
        },
        { engine }
      )
      const warnings = unfamiliar(digest, count, fit)
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
        Effect.map(drawGuide(fitted, count, fold(keyOf(seed), "draws")), (values) => values as Draws<R>)
      ),
    logDensities: (model, values) =>
      Effect.flatMap(fittedFor(model), (fitted) => logDensitiesOf(fitted, values as Readonly<Record<string, Numeric>>))
  }
}
