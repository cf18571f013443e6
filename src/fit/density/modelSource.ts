/** Points that a model draws, fresh ones in each step. */
import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import type { Engine } from "../../engine/engine.ts"
import type { EngineError } from "../../errors.ts"
import { ArgumentError, ShapeError } from "../../errors.ts"
import { range } from "../../graph/shape.ts"
import { wholeNumber } from "../../inference/wholeNumber.ts"
import { drawn } from "../../model/answers.ts"
import type { ModelError } from "../../model/compute.ts"
import { attemptTrace, compute, paramAnswer } from "../../model/compute.ts"
import type { Model } from "../../model/model.ts"
import { run } from "../../model/run.ts"
import type { Key } from "../../random/key.ts"
import { fold } from "../../random/key.ts"
import { leave, newAxis, under } from "../../trace/axes.ts"
import type { Points, Table } from "./points.ts"
import { rowsOf, tableOf } from "./points.ts"
import type { DrawnPoint, Sample, Source, SourceOptions } from "./source.ts"
import { defaultBatch, shareOf } from "./source.ts"

type Pair = Exclude<DrawnPoint, tf.Tensor>

/** Fresh points that a model's fit starts from and is judged by, of each; and the steps of what counts as an epoch. */
const surveyed = 4096
const stepsPerEpoch = 100

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
    return yield* attemptTrace((): Source => {
      const training = of(0)
      return {
        points: training.point,
        training,
        heldOut: share === 0 ? undefined : of(surveyed),
        batch,
        epoch: stepsPerEpoch,
        one: () => drawnFrom(model),
        rows: () => ({})
      }
    })
  })
