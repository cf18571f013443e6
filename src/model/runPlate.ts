/** A plate in a run: its body runs once, for one row; the rows are a hidden axis. */
import * as tf from "@tensorflow/tfjs-core"
import { float64 } from "../math/index.ts"
import { noiseStream } from "../trace/noiseStream.ts"
import { newAxis } from "../trace/axes.ts"
import { constant } from "../trace/tensor.ts"
import { axisFrame, type Frame, type Frames } from "./frames.ts"
import type { PlateRequest } from "./request.ts"
import { addAll, runInner, type Running, type TakeRows, type Totals } from "./run.ts"
import { rowThrough, table } from "./rows.ts"
import { mapTensors } from "./value.ts"

/**
 * Rows of a stratified minibatch: one from each of `size` equal strata, i_k = ⌊(k + u_k)·rows/size⌋, so that a row is taken size/rows times
 * in expectation. The same rows for all draws, and in all runs of a step.
 */
export const minibatch: TakeRows = (name, rows, size) => {
  if (size === undefined) return undefined
  if (!Number.isInteger(size) || size < 1 || size > rows)
    throw new Error(`subsample must be a whole number from 1 to its ${rows} rows, got ${size}`)
  const u = noiseStream(name, { axes: [] }).uniform([size])
  const position = tf.mul(tf.add(tf.range(0, size, 1), u), constant(rows / size))
  return tf.cast(tf.minimum(tf.floor(position), rows - 1), "int32")
}

const takenFrame = (name: string, rows: number, index: tf.Tensor): Frame => {
  const [size] = index.shape as [number]
  const frame = axisFrame(newAxis(name, size))
  return {
    ...frame,
    takenOf: rows,
    enter: (value) => frame.enter(() => tf.gather(value(), index)),
    sum: (value) => tf.mul(frame.sum(value), constant(rows / size))
  }
}

/** Adds what a row's terms come to over all rows, summed in float64, to those of the body about it. */
export const leaveTotals = (frame: Frame, row: Totals, totals: Totals): void => {
  for (const what of ["logJoint", "logDet"] as const) {
    const term = frame.within(() => addAll(row[what]))
    if (term !== undefined) totals[what].push(frame.sum(frame.within(() => float64(term))))
  }
}

export const runPlate = (request: PlateRequest, frames: Frames, running: Running, totals: Totals): unknown => {
  const { name, subsample, body } = request
  const rows = table(request.data)
  const taken = running.answers.rows?.(name, rows.size, subsample)
  const frame = taken === undefined ? axisFrame(newAxis(name, rows.size)) : takenFrame(name, rows.size, taken)
  const rowTotals: Totals = { logJoint: [], logDet: [] }
  const result = frame.within(() => {
    const row = rowThrough(rows, (column) => frame.enter(() => column))
    return runInner(body(row as never), [...frames, frame], running, rowTotals)
  })
  leaveTotals(frame, rowTotals, totals)
  return mapTensors(result, (tensor) => frame.leave(tensor))
}
