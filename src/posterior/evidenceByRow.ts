/** The log evidence of single rows, of data that a fit has seen or of others. */
import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import { DefaultEngine } from "../engine/default.ts"
import type { Engine } from "../engine/engine.ts"
import { ArgumentError, type EngineError, SiteError } from "../errors.ts"
import { courtesy } from "../inference/courtesy.ts"
import { evidenceLowerBound, logMeanExp } from "../inference/importance.ts"
import { modelApproximation } from "../inference/modelApproximation.ts"
import { targetOf } from "../inference/target.ts"
import { wholeNumber } from "../inference/wholeNumber.ts"
import type { Params } from "../learnable/learnable.ts"
import { attemptTrace, type ModelError } from "../model/compute.ts"
import { inspect } from "../model/inspect.ts"
import type { Model } from "../model/model.ts"
import type { Covers } from "../model/types.ts"
import { fold, keyOf } from "../random/key.ts"
import { logWeightsOf } from "./diagnostics.ts"
import { oneRow, type Plate, rowSampler } from "./rows.ts"

export interface EvidenceOptions {
  /** Those of a fit: `posterior.params`. */
  readonly params: { readonly guide: Params; readonly model: { readonly [name: string]: Params } }
  /** Draws of each row; by default 1,000. */
  readonly draws?: number
  /** Equal seeds give equal draws; by default 0. */
  readonly seed?: number
  /** By default `DefaultEngine`. Sums over draws are in float64 on any. */
  readonly engine?: Engine
}

/** By row of the plate, in nats. */
export interface RowEvidence {
  /** The evidence lower bound: the mean of the log weights log p(row, z) − log q(z | row). */
  readonly elbo: Float64Array
  /** The importance-weighted bound: the logarithm of the mean weight, in expectation no more than the log evidence, and near it with many draws. */
  readonly logEvidence: Float64Array
}

/** The plate that all latents and all data of a model stand in. */
const plateOf = (model: Model<unknown, unknown>): Plate => {
  const sites = inspect(model).filter(({ kind, hidden }) => kind !== "param" && kind !== "deterministic" && !hidden)
  const [first] = sites
  const plate = first?.plates[0]
  if (first === undefined || plate === undefined) {
    throw new ArgumentError({
      argument: "evidenceByRow.model",
      expected: "a model whose draws and data stand in a plate",
      received: first === undefined ? "one without any" : `"${first.name}" outside of plates`
    })
  }
  for (const { name, plates } of sites) {
    if (plates[0]?.name === plate.name) continue
    throw new SiteError({
      site: name,
      reason: `it is not in the plate "${plate.name}", so that the rows of that have no evidence of their own`
    })
  }
  return { name: plate.name, rows: plate.size }
}

/**
 * Bounds of the log evidence of each row of a plate that all of a model's latents stand in, by draws of a guide written as a model. One row
 * is computed after the other. Model and guide may have other data than those of the fit: so a variational autoencoder is judged.
 *
 * @see Burda, Grosse & Salakhutdinov 2016, "Importance Weighted Autoencoders", eq. 8.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs-core"
 * import * as Effect from "effect/Effect"
 * import { evidenceByRow, fit, model, observe, param, parameter, plate, sample } from "pushforward"
 * import { Normal } from "pushforward/distributions"
 *
 * const noisy = model(function* (y: ReadonlyArray<number>) {
 *   yield* plate("row", y, function* (y) {
 *     const z = yield* sample("z", Normal(0, 1))
 *     yield* observe("y", Normal(z, 1), y)
 *   }, { subsample: 2 })
 * })
 * const guide = model(function* (y: ReadonlyArray<number>) {
 *   const slope = yield* param("slope", parameter(1))
 *   yield* plate("row", y, function* (y) {
 *     yield* sample("z", Normal(tf.mul(slope, y), 0.7))
 *   }, { subsample: 2 })
 * })
 * const program = Effect.gen(function* () {
 *   const { params } = yield* fit(noisy([-1, 0, 1, 2]), guide([-1, 0, 1, 2]), { steps: 100 })
 *   return yield* evidenceByRow(noisy([0.5, 3]), guide([0.5, 3]), { params, draws: 100 })
 * })
 * console.log((await Effect.runPromise(program)).logEvidence)
 * ```
 */
export const evidenceByRow = <A, R, B, RG>(
  model: Model<A, R>,
  guide: Model<B, RG> & Covers<R, RG>,
  options: EvidenceOptions
): Effect.Effect<RowEvidence, ModelError | EngineError> =>
  Effect.scoped(
    Effect.gen(function* () {
      const { params, seed = 0, engine = yield* DefaultEngine } = options
      const { draws, plate, approximation } = yield* attemptTrace(() => {
        const plate = plateOf(model)
        const rows = oneRow(plate.name, () => tf.scalar(0, "int32"))
        return {
          draws: wholeNumber("evidenceByRow.draws", options.draws ?? 1000),
          plate,
          approximation: modelApproximation(targetOf(model, [], rows), guide, rows)
        }
      })
      const draw = yield* rowSampler({ approximation, params, engine, plate }, draws, "f32")
      const [pause, key] = [courtesy(), fold(keyOf(seed), "evidence")]
      const [elbo, logEvidence] = [new Float64Array(plate.rows), new Float64Array(plate.rows)]
      for (let row = 0; row < plate.rows; row++) {
        yield* pause
        const logWeights = logWeightsOf(yield* draw(row, key))
        yield* attemptTrace(() => {
          elbo[row] = evidenceLowerBound(logWeights).value
          logEvidence[row] = logMeanExp(logWeights).value
        })
      }
      return { elbo, logEvidence }
    })
  )
