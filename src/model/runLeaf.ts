/** One site in a run: its value, what is held of it, and its log density. */
import * as tf from "@tensorflow/tfjs-core"
import { noiseStream } from "../trace/noiseStream.ts"
import { hiddenAxes } from "../trace/axes.ts"
import { asTensor, constant, hostValues, type Numeric } from "../trace/tensor.ts"
import { withOrigin } from "../trace/trace.ts"
import { checkData, checkGiven, checkScalar, checkShape } from "./check.ts"
import { enterAll, type Frames } from "./frames.ts"
import type { Counted, DrawRequest, Given, LeafRequest } from "./request.ts"
import type { Running, Totals, Visited } from "./run.ts"
import { bodyValue, toTensor } from "./value.ts"

/** The log density as it counts: where a mask is 0 it is 0, whatever it was. */
const count = (logDensity: tf.Tensor, { weights, masks }: Counted): tf.Tensor => {
  const masked = masks.reduce<tf.Tensor>((density, mask) => {
    const counted = asTensor(mask)
    checkScalar(counted, "its mask")
    return tf.where(tf.notEqual(counted, 0), density, constant(0))
  }, logDensity)
  return weights.reduce<tf.Tensor>((density, weight) => {
    const factor = asTensor(weight)
    checkScalar(factor, "its scale")
    return tf.mul(density, factor)
  }, masked)
}

/** Whether a row of data is counted, where the masks' numbers are known. */
const isCounted = (masks: ReadonlyArray<Numeric>, rows: number): ((row: number) => boolean) => {
  const known = masks.flatMap((mask) => {
    const values = hostValues(mask)
    return values !== undefined && (values.length === 1 || values.length === rows) ? [values] : []
  })
  return (row) => known.every((values) => values[values.length === 1 ? 0 : row] !== 0)
}

/** The given value of one row. */
const rowOfGiven = ({ value, depth }: Given, frames: Frames, eventShape: ReadonlyArray<number> | undefined): tf.Tensor => {
  const plates = frames.slice(frames.length - depth)
  return enterAll(() => {
    const tensor = toTensor(value)
    if (depth > 0 && eventShape !== undefined) checkGiven(tensor, plates, eventShape)
    return tensor
  }, plates)
}

interface Answered {
  readonly value: tf.Tensor
  readonly logDet?: tf.Tensor
  /** Of a draw that comes with it. */
  readonly logProb?: tf.Tensor
  readonly drawn: boolean
}

const answerOf = (request: DrawRequest, frames: Frames, { answers, recalled, dense }: Running): Answered => {
  const { given, distribution, name } = request
  if (given !== undefined) return { value: rowOfGiven(given, frames, distribution.eventShape), drawn: false }
  const answer = answers.answer(request, frames)
  if (answer !== undefined) return { ...(answer instanceof tf.Tensor ? { value: answer } : answer), drawn: false }
  const again = recalled.get(name)?.(frames)
  if (again !== undefined) return { value: again, drawn: true }
  const noise = noiseStream(name)
  return { ...((dense ? distribution.sampleWithLogProb?.(noise) : undefined) ?? { value: distribution.sample(noise) }), drawn: true }
}

const runDraw = (request: DrawRequest, frames: Frames, running: Running, totals: Totals): Visited & { readonly value: tf.Tensor } => {
  const { distribution, given, masks, hidden, name, kind } = request
  const observed = kind === "observe" && given !== undefined
  const { value, logDet, logProb: known, drawn } = answerOf(request, frames, running)
  checkShape(distribution, value)
  const visited = { kind, name, frames, hidden, observed, drawn, distribution, value }
  if (!running.dense || hidden) return visited
  if (observed) {
    const axes = hiddenAxes(value)
    const data = hostValues(value)
    if (data !== undefined)
      checkData(
        distribution,
        data,
        axes,
        isCounted(
          masks,
          axes.reduce((rows, { size }) => rows * size, 1)
        )
      )
  }
  const logProb = known ?? distribution.logProb(value)
  checkScalar(logProb, `the log density of ${distribution.name}`)
  const logDensity = count(logProb, request)
  totals.logJoint.push(logDensity)
  if (logDet !== undefined) totals.logDet.push(logDet)
  return { ...visited, logDensity }
}

const visit = (request: LeafRequest, frames: Frames, running: Running, totals: Totals): readonly [visited: Visited, answer: unknown] => {
  const { kind, name } = request
  const plain = { kind, name, frames, hidden: false, observed: false, drawn: false }
  switch (request.kind) {
    case "deterministic": {
      const value = rowOfGiven(request.given, frames, request.distribution?.eventShape)
      if (request.distribution !== undefined) checkShape(request.distribution, value)
      return [{ ...plain, value }, value]
    }
    case "factor": {
      const term = asTensor(request.logDensity)
      checkScalar(term, "its log density")
      if (request.hidden) return [{ ...plain, hidden: true }, undefined]
      const logDensity = count(term, request)
      totals.logJoint.push(logDensity)
      return [{ ...plain, logDensity }, undefined]
    }
    case "param":
      return [{ ...plain, learnable: request.learnable }, request.learnable.build(running.answers.param(name, request.learnable))]
    default: {
      const visited = runDraw(request, frames, running, totals)
      return [visited, bodyValue(request.distribution, visited.value)]
    }
  }
}

export const runLeaf = (request: LeafRequest, frames: Frames, running: Running, totals: Totals): unknown => {
  const { name } = request
  if (running.sites.has(name))
    throw new Error("its name is used twice in one run. Rename one, or put the part that repeats in a scope or a plate.")
  const [visited, answer] = withOrigin(`site "${name}"`, () => visit(request, frames, running, totals))
  running.sites.set(name, visited)
  return answer
}
