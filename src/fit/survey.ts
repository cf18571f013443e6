/** Where simulated data and their latents lie, and how far they spread: what an amortised fit is standardised by. */
import * as Effect from "effect/Effect"
import type { Engine } from "../engine/engine.ts"
import type { EngineError } from "../errors.ts"
import { sizeOf } from "../graph/shape.ts"
import type { NDArray } from "../graph/types.ts"
import type { Start } from "../guide/guide.ts"
import type { DataNames } from "../inference/features.ts"
import { simulate } from "../inference/simulation.ts"
import type { Scaling } from "../inference/standardise.ts"
import { mostTypical, scalingOf } from "../inference/standardise.ts"
import { diagonalFactor } from "../inference/start/curvature.ts"
import type { ModelParams, Target } from "../inference/target.ts"
import { runFrom } from "../inference/target.ts"
import type { Params } from "../learnable/learnable.ts"
import type { ModelError } from "../model/compute.ts"
import { compute, toTensors } from "../model/compute.ts"
import { leave, newAxis, under } from "../trace/axes.ts"

/** Data sets that are drawn. */
const drawn = 4000

export interface Survey {
  readonly features: Scaling
  readonly start: Start
  /** The data set nearest to the middle of all, with its features. */
  readonly typical: { readonly data: Readonly<Record<string, NDArray>>; readonly features: NDArray }
}

const rowOf = ({ shape, data }: NDArray, i: number): NDArray => {
  const size = sizeOf(shape.slice(1))
  return { shape: shape.slice(1), data: data.slice(i * size, (i + 1) * size) }
}

const rowsOf = (x: NDArray): Scaling => scalingOf(Float64Array.from(x.data), sizeOf(x.shape.slice(1)))

export const survey = (
  target: Target,
  names: DataNames,
  params: { readonly [name: string]: Params },
  engine: Engine,
  seed: number
): Effect.Effect<Survey, ModelError | EngineError> =>
  Effect.map(
    compute(
      () => {
        const axis = newAxis("data set", drawn)
        return under(axis, () => {
          const model = toTensors(params) as ModelParams
          const { latents, data, features } = simulate(target, names, model)
          const { u } = runFrom(target, latents, model, data)
          const shown = Object.fromEntries(Object.entries(data).map(([name, t]) => [name, leave(t, axis)]))
          return { features: leave(features, axis), u: leave(u, axis), data: shown }
        })
      },
      { seed, engine }
    ),
    ({ features, u, data }) => {
      const scaling = rowsOf(features)
      const { centre, scale } = rowsOf(u)
      const typical = mostTypical(features.data, scaling)
      return {
        features: scaling,
        start: { shift: centre, scaleTril: diagonalFactor(scale) },
        typical: {
          data: Object.fromEntries(Object.entries<NDArray>(data).map(([name, array]) => [name, rowOf(array, typical)])),
          features: rowOf(features, typical)
        }
      }
    }
  )
