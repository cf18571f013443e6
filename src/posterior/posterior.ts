/** Posterior: what a fit has found, as something to ask. */
import * as Effect from "effect/Effect"
import type { EngineError } from "../errors.ts"
import type { NDArray } from "../graph/types.ts"
import type { Params } from "../learnable/learnable.ts"
import { psis } from "../inference/psis.ts"
import { wholeNumber } from "../inference/wholeNumber.ts"
import type { ModelError } from "../model/compute.ts"
import { attemptTrace } from "../model/compute.ts"
import { predictive } from "../model/interpreters.ts"
import type { Model } from "../model/model.ts"
import type { DeterministicNames, LatentNames, Latents, SiteValues, Trainables, Values } from "../model/types.ts"
import { fold, keyOf } from "../random/key.ts"
import type { Numeric } from "../trace/tensor.ts"
import type { Diagnostics } from "./diagnostics.ts"
import { diagnose, logWeightsOf } from "./diagnostics.ts"
import { missedMode } from "./missedMode.ts"
import { diagnoseRows, minibatchPlate } from "./rowDiagnostics.ts"
import type { Fitted, Sampled } from "./sampler.ts"
import { logDensitiesOf, logDensityOf } from "./logDensity.ts"
import { numbersPerDraw, sampleGuide } from "./sampler.ts"
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
  /** One row a scalar: mean, sd, 5, 50 and 95% quantiles, of fresh draws of the guide. Latents of a plate in minibatches are left out. */
  readonly summary: ReadonlyArray<SummaryRow>
  /** Of the whole posterior; where all latents stand in a plate that is taken in minibatches, of 50 of its rows, each on its own. */
  readonly diagnostics: Diagnostics
  readonly verdict: Verdict
  /** What to know before trusting it, such as data outside what an amortised guide was trained on. */
  readonly warnings: ReadonlyArray<string>
  /** The fit's parameters, as plain trees: the guide's, and those of the model's `param` sites, for `trace`, `predictive` and the like. */
  readonly params: { readonly guide: Params; readonly model: Trainables<R> }
  /** Independent draws of the guide. */
  readonly draws: (count: number, options?: SeedOptions) => Effect.Effect<Draws<R>, ModelError | EngineError>
  /** Draws with weights that correct for where the guide differs from the posterior. */
  readonly weighted: (count: number, options?: SeedOptions) => Effect.Effect<Weighted<R>, ModelError | EngineError>
  /**
   * The guide's log density at values of the latents: with respect to Lebesgue measure where they are real, on the free coordinates where
   * they lie on a manifold.
   */
  readonly logDensity: (values: Values<Latents<R>>) => Effect.Effect<number, ModelError | EngineError>
  /** The same at many values of each latent, on a leading axis: [draws]. */
  readonly logDensities: (values: Values<Latents<R>>) => Effect.Effect<Float64Array, ModelError | EngineError>
  /** What the model predicts for other data, given draws of this posterior: see `predictive`. */
  readonly predictive: <A, R2>(
    model: Model<A, R2>,
    options?: SeedOptions & { readonly draws?: number }
  ) => Effect.Effect<SiteValues<R2>, ModelError | EngineError>
}

/** Fresh draws that summary and verdict are taken from: fewer, but not below the lesser, where they would compute more numbers than the work. */
const fresh = { most: 10_000, fewest: 1000, work: 2e9 } as const

const freshDraws = (numbersPerDraw: number): number => Math.round(Math.min(fresh.most, Math.max(fresh.fewest, fresh.work / numbersPerDraw)))

/** Sites all of whose draws are finite; of the others, which have no moments, there are warnings. */
const sift = (values: Sampled["values"]): { readonly finite: Sampled["values"]; readonly warnings: ReadonlyArray<string> } => {
  const sites = Object.entries(values).map(([name, array]) => ({ name, array, bad: array.data.findIndex((x) => !Number.isFinite(x)) }))
  return {
    finite: Object.fromEntries(sites.flatMap(({ name, array, bad }) => (bad < 0 ? [[name, array]] : []))),
    warnings: sites.flatMap(({ name, array, bad }) =>
      bad < 0
        ? []
        : [`"${name}" is ${array.data[bad]} at some draws of the guide, so that it has no moments and is left out of the summary.`]
    )
  }
}

export const posteriorOf = <R>(fitted: Fitted): Effect.Effect<Posterior<R>, ModelError | EngineError> =>
  Effect.gen(function* () {
    const sample = (argument: string, count: number, stream: string, { seed = 0 }: SeedOptions = {}) =>
      Effect.flatMap(
        attemptTrace(() => ({ draws: wholeNumber(argument, count), key: fold(keyOf(seed), stream) })),
        ({ draws, key }) => sampleGuide(fitted, draws, key)
      )
    const plate = minibatchPlate(fitted.approximation.target)
    const { diagnostics, finite, warnings } =
      plate === undefined
        ? yield* Effect.gen(function* () {
            const drawn = yield* sample("draws", freshDraws(yield* numbersPerDraw(fitted)), "diagnostics")
            const sifted = sift(drawn.values)
            const diagnostics = diagnose({ ...drawn, values: sifted.finite }, fitted.rejected)
            const missed = yield* missedMode(fitted, diagnostics.logEvidence.value)
            return { ...sifted, diagnostics: { ...diagnostics, ...(missed && { missed }) } }
          })
        : { diagnostics: yield* diagnoseRows(fitted, plate, keyOf(0)), finite: {}, warnings: [] }
    const draws: Posterior<R>["draws"] = (count, options) =>
      Effect.map(sample("draws", count, "draws", options), ({ values }) => values as Draws<R>)
    return {
      summary: summary(finite),
      diagnostics,
      verdict: verdictOf(diagnostics),
      warnings: [...(fitted.warnings ?? []), ...warnings],
      params: fitted.params as Posterior<R>["params"],
      draws,
      weighted: (count, options) =>
        Effect.flatMap(sample("weighted", count, "draws", options), (sampled) =>
          attemptTrace(() => ({ draws: sampled.values as Draws<R>, logWeights: psis(logWeightsOf(sampled)).logWeights }))
        ),
      logDensity: (values) => logDensityOf(fitted, values as Readonly<Record<string, Numeric>>),
      logDensities: (values) => logDensitiesOf(fitted, values as Readonly<Record<string, Numeric>>),
      predictive: (model, options = {}) =>
        Effect.flatMap(draws(options.draws ?? 1000, options), (values) =>
          predictive(model, values as never, { seed: options.seed ?? 0, engine: fitted.engine, params: fitted.params.model })
        )
    } satisfies Posterior<R>
  })
