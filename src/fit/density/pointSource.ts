/** Points as they are given: some held out, the others gone through in minibatches. */
import * as tf from "@tensorflow/tfjs-core"
import { ArgumentError, ShapeError } from "../../errors.ts"
import { range } from "../../graph/shape.ts"
import { batches, shuffled } from "../../inference/batches.ts"
import { wholeNumber } from "../../inference/wholeNumber.ts"
import type { Key } from "../../random/key.ts"
import { fold } from "../../random/key.ts"
import { enter } from "../../trace/axes.ts"
import { asTensor } from "../../trace/tensor.ts"
import { placeholder } from "../../trace/trace.ts"
import type { Points } from "./points.ts"
import { arrayOf, rowsOf, tableOf } from "./points.ts"
import type { Sample, Source, SourceOptions } from "./source.ts"
import { defaultBatch, shareOf } from "./source.ts"

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
