/** Posterior: what a fit has found, as something to ask. */
import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import type { EngineError } from "../errors.ts"
import { ArgumentError } from "../errors.ts"
import type { NDArray } from "../graph/types.ts"
import { psis } from "../inference/psis.ts"
import type { ModelError } from "../model/compute.ts"
import { attemptTrace, compute } from "../model/compute.ts"
import { checkUsed } from "../model/answers.ts"
import { predictive } from "../model/interpreters.ts"
import type { Model } from "../model/model.ts"
import type { DeterministicNames, LatentNames, Latents, SiteValues, Values } from "../model/types.ts"
import { toTensor } from "../model/value.ts"
import { fold, keyOf } from "../random/key.ts"
import type { Diagnostics } from "./diagnostics.ts"
import { diagnose, logWeightsOf } from "./diagnostics.ts"
import type { Fitted } from "./sampler.ts"
import { contextIn, inputsOf, parametersIn, sampleGuide } from "./sampler.ts"
import type { SummaryRow } from "./summary.ts"
import { summary } from "./summary.ts"
import type { Verdict } from "./verdict.ts"
import { verdictOf } from "./verdict.ts"

/** Draws by name: of the latents, and of what the model computes from them by `deterministic`. Each is [draws, ...rows, ...event]. */
export type Draws<R> = { readonly [Name in LatentNames<R> | DeterministicNames<R>]: NDArray }

export interface Weighted<R> {
  readonly draws: Draws<R>
  /** Pareto-smoothed and normalised: their exponentials sum to 1. */
  readonly logWeights: Float64Array
}

export interface SeedOptions {
  /** Equal seeds give equal draws; by default 0. */
  readonly seed?: number
}

export interface Posterior<R> {
  /** One row a scalar: mean, sd, 5, 50 and 95% quantiles, of fresh draws of the guide. */
  readonly summary: ReadonlyArray<SummaryRow>
  readonly diagnostics: Diagnostics
  readonly verdict: Verdict
  /** What to know before trusting it, such as data outside what an amortised guide was trained on. */
  readonly warnings: ReadonlyArray<string>
  /** The fit's parameters, as a plain tree. */
  readonly params: Fitted["params"]
  /** Independent draws of the guide. */
  readonly draws: (count: number, options?: SeedOptions) => Effect.Effect<Draws<R>, ModelError | EngineError>
  /** Draws with weights that correct for where the guide differs from the posterior. */
  readonly weighted: (count: number, options?: SeedOptions) => Effect.Effect<Weighted<R>, ModelError | EngineError>
  /**
   * The guide's log density at values of the latents: with respect to Lebesgue measure where they are real, on the free coordinates where
   * they lie on a manifold.
   */
  readonly logDensity: (values: Values<Latents<R>>) => Effect.Effect<number, ModelError | EngineError>
  /** What the model predicts for other data, given draws of this posterior: see `predictive`. */
  readonly predictive: <A, R2>(
    model: Model<A, R2>,
    options?: SeedOptions & { readonly draws?: number }
  ) => Effect.Effect<SiteValues<R2>, ModelError | EngineError>
}

/** Fresh draws that summary and verdict are taken from. */
const freshDraws = 10_000

const checkCount = (argument: string, count: number): Effect.Effect<void, ArgumentError> =>
  Number.isInteger(count) && count > 0
    ? Effect.void
    : Effect.fail(new ArgumentError({ argument, expected: "a whole number, at least 1", received: String(count) }))

export const posteriorOf = <R>(fitted: Fitted): Effect.Effect<Posterior<R>, ModelError | EngineError> =>
  Effect.gen(function* () {
    const sample = (count: number, stream: string, { seed = 0 }: SeedOptions = {}) => sampleGuide(fitted, count, fold(keyOf(seed), stream))
    const fresh = yield* sample(freshDraws, "diagnostics")
    const diagnostics = yield* attemptTrace(() => diagnose(fresh))
    const draws: Posterior<R>["draws"] = (count, options) =>
      Effect.andThen(checkCount("draws", count), Effect.map(sample(count, "draws", options), ({ values }) => values as Draws<R>))
    return {
      summary: yield* attemptTrace(() => summary(fresh.values)),
      diagnostics,
      verdict: verdictOf(diagnostics),
      warnings: fitted.warnings ?? [],
      params: fitted.params,
      draws,
      weighted: (count, options) =>
        Effect.andThen(
          checkCount("weighted", count),
          Effect.flatMap(sample(count, "draws", options), (sampled) =>
            attemptTrace(() => ({ draws: sampled.values as Draws<R>, logWeights: psis(logWeightsOf(sampled)).logWeights }))
          )
        ),
      logDensity: (values) =>
        Effect.map(
          compute(
            () => {
              const { guide, model } = parametersIn(fitted.params)
              const tensors = Object.fromEntries(Object.entries(values as Values<Record<string, unknown>>).map(([k, v]) => [k, toTensor(v)]))
              const { run, logGuide } = fitted.approximation.at(tensors, guide, model, contextIn(fitted.context))
              checkUsed(tensors, run)
              return tf.sub(logGuide, run.logDet)
            },
            { engine: fitted.engine },
            inputsOf(fitted, keyOf(0), 0)
          ),
          ({ data }) => data[0]!
        ),
      predictive: (model, options = {}) =>
        Effect.flatMap(draws(options.draws ?? 1000, options), (values) =>
          predictive(model, values as never, { seed: options.seed ?? 0, engine: fitted.engine })
        )
    } satisfies Posterior<R>
  })
