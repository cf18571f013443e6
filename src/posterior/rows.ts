/** Draws of single rows: where every latent stands in one plate, a guide's draws of a row have importance weights of their own. */
import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Engine } from "../engine/engine.ts"
import type { EngineError } from "../errors.ts"
import { sizeOf } from "../graph/shape.ts"
import type { Approximation } from "../inference/approximation.ts"
import { inBlocks } from "../inference/blocks.ts"
import { asTrained, cut } from "../inference/step.ts"
import { flatten, sizeOfTree } from "../learnable/tree.ts"
import { attemptTrace, type ModelError } from "../model/compute.ts"
import { outside, type TakeRows } from "../model/run.ts"
import type { Key } from "../random/key.ts"
import { leave, newAxis, under } from "../trace/axes.ts"
import { constant } from "../trace/tensor.ts"
import { placeholder, programOf, trace } from "../trace/trace.ts"
import type { Fitted, Sampled } from "./sampler.ts"

export interface Plate {
  readonly name: string
  readonly rows: number
}

export interface RowFit {
  readonly approximation: Approximation
  readonly params: Fitted["params"]
  readonly engine: Engine
  readonly plate: Plate
}

/** One row of a plate, and all of the others. */
export const oneRow =
  (plate: string, row: () => tf.Tensor): TakeRows =>
  (name) =>
    name === plate ? tf.reshape(row(), [1]) : undefined

/** Draws of a row in one run. */
const mostDraws = 1000

/** Draws of one row after the other, by numbers of the engine's precision from parameters of `dtype`. */
export const rowSampler = (
  { approximation, params, engine, plate }: RowFit,
  draws: number,
  dtype: "f32" | "f64"
): Effect.Effect<(row: number, key: Key) => Effect.Effect<Sampled, EngineError>, ModelError | EngineError, Scope.Scope> =>
  Effect.gen(function* () {
    const size = Math.min(draws, mostDraws)
    const { program, sites } = yield* attemptTrace(
      () =>
        trace(() => {
          const trained = asTrained(cut(placeholder("parameters", [sizeOfTree(params)], dtype), params).tree)
          const row = placeholder("row", [], "i32")
          const axis = newAxis("draw", size)
          return under(axis, () => {
            const { run, logJoint, logGuide } = approximation.draw(trained.guide, trained.model, {
              path: false,
              rows: oneRow(plate.name, () => row)
            })
            // its densities stand for those of all rows
            const densities = [logJoint, logGuide].map((density) => tf.div(density, constant(plate.rows)))
            const latents = [...run.sites.values()].filter(({ kind, hidden }) => kind === "sample" && !hidden)
            const values = latents.map((site) => tf.squeeze(outside(site)!, [0]))
            return {
              program: programOf([...densities, ...values].map((t) => leave(t, axis))),
              sites: latents.map(({ name }, i) => ({ name, shape: values[i]!.shape }))
            }
          })
        }).result
    )
    const executable = yield* engine.compile(program)
    const parameters = flatten(params)
    const widths = [1, 1, ...sites.map(({ shape }) => sizeOf(shape))]
    return (row, { hi, lo }) =>
      Effect.map(
        inBlocks(draws, size, widths, (block) =>
          executable.run({ parameters, row: Int32Array.of(row), key: Uint32Array.of(hi, lo, row + block * plate.rows) })
        ),
        ([logJoint, logGuide, ...values]) => ({
          logJoint: logJoint!,
          logGuide: logGuide!,
          values: Object.fromEntries(sites.map(({ name, shape }, i) => [name, { shape: [draws, ...shape], data: values[i]! }]))
        })
      )
  })
