/** Where simulated data and their latents lie, and how far they spread: what an amortised fit is standardised by. */
import * as Effect from "effect/Effect"
import type { Engine } from "../engine/engine.ts"
import type { EngineError } from "../errors.ts"
import { sizeOf } from "../graph/shape.ts"
import type { NDArray } from "../graph/types.ts"
import type { Start } from "../guide/guide.ts"
import { type DataNames, digestOf, mapFeatures } from "../inference/features.ts"
import { simulate } from "../inference/simulation.ts"
import { mostTypical, type Scaling, scalingOf } from "../inference/standardise.ts"
import { diagonalFactor } from "../inference/start/curvature.ts"
import type { ModelParams, Target } from "../inference/target.ts"
import { runFrom } from "../inference/target.ts"
import type { Params } from "../learnable/learnable.ts"
import type { ModelError } from "../model/compute.ts"
import { compute, toTensors } from "../model/compute.ts"
import { leave, newAxis, under } from "../trace/axes.ts"

/** Data sets that are drawn. */
const drawn = 4000

interface FeatureArrays {
  readonly vector?: NDArray
  readonly rows?: NDArray
  readonly count?: NDArray
}

/** A data set with its features. */
export interface Example {
  readonly data: Readonly<Record<string, NDArray>>
  readonly features: FeatureArrays
}

/** What the features are standardised by: the vector's by number, those of a set's rows by number of a row. */
export interface FeatureScaling {
  readonly vector?: Scaling
  readonly rows?: Scaling
}

export interface Survey {
  readonly scaling: FeatureScaling
  /** Of the digest of a data set. */
  readonly familiar: Scaling
  readonly start: Start
  /** By target, the data set nearest to the middle of all. */
  readonly typical: ReadonlyArray<Example>
}

const widthOf = ({ shape }: NDArray): number => sizeOf(shape.slice(1))

const rowOf = ({ shape, data }: NDArray, i: number): NDArray => {
  const size = sizeOf(shape.slice(1))
  return { shape: shape.slice(1), data: data.slice(i * size, (i + 1) * size) }
}

const joined = (parts: ReadonlyArray<ArrayLike<number>>): Float64Array => {
  const all = new Float64Array(parts.reduce((length, part) => length + part.length, 0))
  parts.reduce((at, part) => (all.set(part, at), at + part.length), 0)
  return all
}

const scalingOfAll = (parts: ReadonlyArray<NDArray>): Scaling => scalingOf(joined(parts.map(({ data }) => data)), widthOf(parts[0]!))

/** The rows of sets that are there, one after the other. */
const present = (rows: NDArray, count: NDArray): Float64Array =>
  joined(Array.from(count.data, (n, i) => rowOf(rows, i).data.subarray(0, n * rows.shape[2]!)))

const scalingOfFeatures = (features: ReadonlyArray<FeatureArrays>): FeatureScaling => {
  const [{ vector, rows }] = features as readonly [FeatureArrays]
  return {
    ...(vector && { vector: scalingOfAll(features.map((f) => f.vector!)) }),
    ...(rows && { rows: scalingOf(joined(features.map((f) => present(f.rows!, f.count!))), rows.shape[2]!) })
  }
}

const exampleAt = ({ data, features }: Example, i: number): Example => ({
  data: Object.fromEntries(Object.entries(data).map(([name, array]) => [name, rowOf(array, i)])),
  features: Object.fromEntries(Object.entries<NDArray>(features as Record<string, NDArray>).map(([name, array]) => [name, rowOf(array, i)]))
})

/** Draws as many data sets of each of the targets. */
export const survey = (
  targets: ReadonlyArray<Target>,
  names: DataNames,
  params: { readonly [name: string]: Params },
  engine: Engine,
  seed: number
): Effect.Effect<Survey, ModelError | EngineError> => {
  const each = Math.ceil(drawn / targets.length)
  const surveyed = (target: Target, i: number) =>
    compute(
      () => {
        const axis = newAxis(i === 0 ? "data set" : `data set ${i + 1}`, each)
        return under(axis, () => {
          const model = toTensors(params) as ModelParams
          const { latents, data, features } = simulate(target, names, model)
          const { u } = runFrom(target, latents, model, data)
          return {
            features: mapFeatures(features, (part) => leave(part, axis)),
            digest: leave(digestOf(features), axis),
            u: leave(u, axis),
            data: Object.fromEntries(Object.entries(data).map(([name, t]) => [name, leave(t, axis)]))
          }
        })
      },
      { seed, engine }
    )
  return Effect.map(Effect.forEach(targets, surveyed), (all) => {
    const familiar = scalingOfAll(all.map(({ digest }) => digest))
    const { centre, scale } = scalingOfAll(all.map(({ u }) => u))
    return {
      scaling: scalingOfFeatures(all.map(({ features }) => features)),
      familiar,
      start: { shift: centre, scaleTril: diagonalFactor(scale) },
      typical: all.map(({ digest, ...example }) => exampleAt(example, mostTypical(digest.data, familiar)))
    }
  })
}
