/** Source: where the points of a fit come from, a table of them or a model that draws fresh ones. */
import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import type { Engine, Inputs } from "../../engine/engine.ts"
import type { EngineError } from "../../errors.ts"
import { ArgumentError, ShapeError } from "../../errors.ts"
import { range } from "../../graph/shape.ts"
import { batches, shuffled } from "../../inference/batches.ts"
import { wholeNumber } from "../../inference/wholeNumber.ts"
import { drawn } from "../../model/answers.ts"
import type { ModelError } from "../../model/compute.ts"
import { attemptTrace, compute, paramAnswer } from "../../model/compute.ts"
import type { Model } from "../../model/model.ts"
import { run } from "../../model/run.ts"
import type { Key } from "../../random/key.ts"
import { fold } from "../../random/key.ts"
import type { Axis } from "../../trace/axes.ts"
import { enter, leave, newAxis, under } from "../../trace/axes.ts"
import { asTensor } from "../../trace/tensor.ts"
import { placeholder } from "../../trace/trace.ts"
import type { Points, Table } from "./points.ts"
import { arrayOf, rowsOf, tableOf } from "./points.ts"

/** What a model for one draw gives: a point, or one with its context. */
export type DrawnPoint = tf.Tensor | { readonly value: tf.Tensor; readonly context: tf.Tensor }

type Pair = Exclude<DrawnPoint, tf.Tensor>

/** Points, with a context each where the density is conditional. */
export interface Sample {
  readonly point: Table
  readonly context: Table | undefined
}

export interface Source {
  /** All points that are known before the first step, */
  readonly points: Table
  /** those trained on, and those held out. */
  readonly training: Sample
  readonly heldOut: Sample | undefined
  /** Points of a step, and steps of an epoch. */
  readonly batch: number
  readonly epoch: number
  /** One point of a step, inside its trace. */
  readonly one: (axis: Axis) => { readonly value: tf.Tensor; readonly context: tf.Tensor | undefined }
  /** The step's inputs of its own. */
  readonly rows: (step: number, count: number) => Inputs
}

export interface SourceOptions {
  readonly context?: Points
  readonly batch?: number
  readonly heldOut?: number
}

const defaultBatch = 256
/** Fresh points that a model's fit starts from and is judged by, of each; and the steps of what counts as an epoch. */
const surveyed = 4096
const stepsPerEpoch = 100

const shareOf = (heldOut = 0.1): number => {
  if (heldOut >= 0 && heldOut < 1) return heldOut
  throw new ArgumentError({
    argument: "fitDensity.heldOut",
    expected: "a share of the points, from 0 to below 1",
    received: String(heldOut)
  })
}

const batchOf = (given: number | undefined, most: number): number => {
  const batch = wholeNumber("fitDensity.batch", given ?? Math.min(defaultBatch, most))
  if (batch <= most) return batch
  throw new ArgumentError({
    argument: "fitDensity.batch",
    expected: `at most the ${most} points that are trained on`,
    received: String(batch)
  })
}

export const sourceOfPoints = (data: Points, options: SourceOptions, key: Key): Source => {
  const all: Sample = {
    point: tableOf("fitDensity.data", data),
    context: options.context === undefined ? undefined : tableOf("fitDensity.context", options.context)
  }
  const { rows: n } = all.point
  if (all.context !== undefined && all.context.rows !== n) {
    throw new ShapeError({
      where: "fitDensity.context",
      expected: `[${n}, c], a row for each point`,
      received: `[${all.context.rows}, ${all.context.width}]`
    })
  }
  const order = shuffled(Int32Array.from(range(n)), fold(key, "split"))
  const apart = Math.floor(n * shareOf(options.heldOut))
  const [heldOut, training] = [order.subarray(0, apart).sort(), order.subarray(apart).sort()]
  const of = (rows: Int32Array): Sample => ({ point: rowsOf(all.point, rows), context: all.context && rowsOf(all.context, rows) })
  const batch = batchOf(options.batch, training.length)
  const rowsFor = batches(training, batch, fold(key, "batches"))
  const [points, contexts] = [arrayOf(all.point), all.context && arrayOf(all.context)]
  return {
    points: all.point,
    training: of(training),
    heldOut: apart === 0 ? undefined : of(heldOut),
    batch,
    epoch: Math.floor(training.length / batch),
    one: (axis) => {
      const rows = placeholder("rows", [batch], "i32")
      const taken = (array: typeof points, name: string): tf.Tensor => enter(tf.gather(asTensor(array, "float32", name), rows), axis)
      return { value: taken(points, "points"), context: contexts && taken(contexts, "contexts") }
    },
    rows: (step, count) => ({ rows: rowsFor(step, count) })
  }
}

/** A point that a model draws, inside a trace. */
const drawnFrom = (model: Model<DrawnPoint, unknown>): ReturnType<Source["one"]> => {
  const { result } = run(model, { answer: drawn, param: paramAnswer({}) })
  const { value, context } = result instanceof tf.Tensor ? { value: result, context: undefined } : ((result ?? {}) as Pair)
  for (const [name, t] of [
    ["value", value],
    ["context", context]
  ] as const) {
    if (t === undefined && name === "context") continue
    if (t instanceof tf.Tensor && t.rank === 1) continue
    throw new ShapeError({
      where: `fitDensity.data: the model's ${name}`,
      expected: "[d], a vector",
      received: t instanceof tf.Tensor ? `[${t.shape.join(", ")}]` : `a ${typeof t}`,
      remedy: "The model for one draw returns the point, or { value, context }."
    })
  }
  return { value, context }
}

export const sourceOfModel = (
  model: Model<DrawnPoint, unknown>,
  options: SourceOptions,
  key: Key,
  engine: Engine
): Effect.Effect<Source, ModelError | EngineError> =>
  Effect.gen(function* () {
    const share = yield* attemptTrace(() => {
      if (options.context === undefined) return shareOf(options.heldOut)
      throw new ArgumentError({
        argument: "fitDensity.context",
        expected: "none beside a model",
        received: "one",
        remedy: "Let the model return { value, context }."
      })
    })
    const batch = yield* attemptTrace(() => wholeNumber("fitDensity.batch", options.batch ?? defaultBatch))
    const { hi, lo } = fold(key, "survey")
    const seen = yield* compute(
      () => {
        const axis = newAxis("particle", 2 * surveyed)
        return under(axis, () => {
          const { value, context } = drawnFrom(model)
          return { value: leave(value, axis), ...(context && { context: leave(context, axis) }) }
        })
      },
      { engine },
      { key: Uint32Array.of(hi, lo, 0) }
    )
    const of = (from: number): Sample => {
      const rows = Int32Array.from(range(surveyed), (i) => from + i)
      const part = (argument: string, array: Points): Table => rowsOf(tableOf(argument, array), rows)
      const { context } = seen
      return {
        point: part("fitDensity.data: the model's value", seen.value),
        context: context && part("fitDensity.data: the model's context", context)
      }
    }
    return yield* attemptTrace((): Source => ({
      points: of(0).point,
      training: of(0),
      heldOut: share === 0 ? undefined : of(surveyed),
      batch,
      epoch: stepsPerEpoch,
      one: () => drawnFrom(model),
      rows: () => ({})
    }))
  })
