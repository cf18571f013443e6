/** Approximation: a guide joined to the model it is for. Everything here is for one draw, inside a trace. */
import * as tf from "@tensorflow/tfjs-core"
import type { Bijector } from "../bijector/bijector.ts"
import type { Guide, Start } from "../guide/guide.ts"
import type { Learnable, Params, TensorParams } from "../learnable/learnable.ts"
import { float64, stopGradient } from "../math/index.ts"
import { withGradientOf } from "../math/withGradientOf.ts"
import type { Run, TakeRows } from "../model/run.ts"
import type { Key } from "../random/key.ts"
import { noiseStream } from "../trace/noiseStream.ts"
import { constant } from "../trace/tensor.ts"
import { withOrigin } from "../trace/trace.ts"
import { mapTree } from "../learnable/tree.ts"
import { log } from "../special/index.ts"
import { backThrough, passedThrough } from "./passes.ts"
import type { Data, ModelParams, Target } from "./target.ts"
import { runAt, runFrom } from "./target.ts"

/** What is trained: the guide's parameters, and those of the model's `param` sites. */
export interface Trainables<A> {
  readonly guide: A
  readonly model: { readonly [name: string]: A }
}

/** One draw of the guide, with the model run at it. */
export interface Draw {
  readonly run: Run<unknown>
  /** log p(draw, data) in unconstrained coordinates, in float64. */
  readonly logJoint: tf.Tensor
  /** log q(draw) in unconstrained coordinates, in float64. */
  readonly logGuide: tf.Tensor
}

export interface Approximation {
  readonly name: string
  readonly target: Target
  readonly init: (key: Key) => Params
  /** With `path`, the density's own parameters are stopped: the path derivative of Roeder, Wu & Duvenaud 2017. */
  readonly draw: (guide: TensorParams, model: ModelParams, options: Given & { readonly path: boolean }) => Draw
  /** The same at given constrained values. */
  readonly at: (values: Readonly<Record<string, tf.Tensor>>, guide: TensorParams, model: ModelParams, options: Given) => Draw
}

export interface Given {
  /** Of an amortised guide: what its encoder makes of the data, */
  readonly context?: tf.Tensor
  /** and the data themselves where they are simulated. */
  readonly data?: Data
  /** The rows that plates take; all where it is left out. */
  readonly rows?: TakeRows
}

const logStandardNormal = (z: tf.Tensor): tf.Tensor =>
  tf.sub(tf.mul(-0.5, tf.sum(float64(tf.square(z)))), constant((z.size / 2) * log(2 * Math.PI)))

const stopped = (params: TensorParams): TensorParams => mapTree(params, stopGradient)

/** log q(u) by the bijector's inverse. */
const pulledBack = (flow: Bijector, u: tf.Tensor): tf.Tensor => {
  const { value, logDet } = flow.inverse(u)
  return tf.add(logStandardNormal(value), logDet)
}

/** An automatic guide: u = flow(z), z ~ Normal(0, I); the flow is built from a context of length `contextSize`, if any. */
export const flowApproximation = (target: Target, guide: Guide, start: Start, contextSize = 0): Approximation => {
  const learnable: Learnable<Bijector, tf.Tensor | void> = guide.flow(start, contextSize)
  const d = target.dimension
  const build = (params: TensorParams, context: tf.Tensor | undefined): Bijector =>
    withOrigin(`guide ${guide.name}`, () => learnable.build(params, context))
  const joined = (visited: Run<unknown>, logGuide: tf.Tensor): Draw => ({
    run: visited,
    logJoint: tf.add(visited.logJoint, visited.logDet),
    logGuide
  })
  return {
    name: guide.name,
    target,
    init: learnable.init,
    draw: (params, model, { path, context, data, rows }) => {
      const [u, logGuide] = withOrigin(`guide ${guide.name}`, () => {
        const passed = passedThrough(build(params, context), noiseStream("guide").normal([d]))
        const [z, u] = [passed.values[0]!, passed.values.at(-1)!]
        const logDensity = tf.sub(logStandardNormal(z), passed.logDet)
        if (!path) return [u, logDensity] as const
        const back = backThrough(build(stopped(params), context && stopGradient(context)), passed.values)
        return [u, withGradientOf(logDensity, tf.add(logStandardNormal(back.value), back.logDet))] as const
      })
      return joined(runAt(target, u, model, data, rows), logGuide)
    },
    at: (values, params, model, { context, data }) => {
      const { run: visited, u } = runFrom(target, values, model, data)
      return joined(
        visited,
        withOrigin(`guide ${guide.name}`, () => pulledBack(build(params, context), u))
      )
    }
  }
}
