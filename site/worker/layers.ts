/** Points of the base after each layer of a flow, for any parameters: one program, compiled once a run. */
import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Engine, EngineError, FlowContext, Learnable, TypedArray } from "pushforward"
import type { Bijector } from "pushforward/bijectors"
import { cut } from "../../src/inference/step.ts"
import { sizeOfTree } from "../../src/learnable/index.ts"
import type { ModelError } from "../../src/model/compute.ts"
import { attemptTrace } from "../../src/model/compute.ts"
import { keyOf } from "../../src/random/key.ts"
import { enter, leave, newAxis, under } from "../../src/trace/axes.ts"
import { placeholder, programOf, trace } from "../../src/trace/trace.ts"

export interface Layered {
  /** The two coordinates that are shown, after each layer: [stages, points, 2]. */
  readonly shown: Float32Array
  /** All coordinates at the end: [points, d]. */
  readonly last: TypedArray
}

export interface Layers {
  /** The layers' names, the base first. */
  readonly stages: ReadonlyArray<string>
  readonly parameters: number
  readonly run: (parameters: TypedArray) => Effect.Effect<Layered, EngineError>
}

export interface Base {
  /** [points, d]. */
  readonly points: Float64Array
  readonly dimension: number
}

export const layersOf = (
  flow: Learnable<Bijector, FlowContext>,
  { points, dimension }: Base,
  shown: readonly [number, number],
  engine: Engine
): Effect.Effect<Layers, ModelError | EngineError, Scope.Scope> =>
  Effect.gen(function* () {
    const like = flow.init(keyOf(0))
    const [size, count] = [sizeOfTree(like), points.length / dimension]
    const { stages, program } = yield* attemptTrace(
      () =>
        trace(() => {
          const { tree } = cut(placeholder("parameters", [size]), like)
          const axis = newAxis("point", count)
          return under(axis, () => {
            const base = enter(placeholder("base", [count, dimension]), axis)
            const bijector = flow.build(tree, undefined)
            const layers = bijector.parts ?? [bijector]
            const values = layers.reduce((all, layer) => [...all, layer.forward(all.at(-1)!).value], [base])
            const pair = (x: tf.Tensor): tf.Tensor => tf.gather(x, tf.tensor1d([...shown], "int32"))
            return {
              stages: ["base", ...layers.map(({ name }) => name)],
              program: programOf([...values.map(pair), values.at(-1)!].map((x) => leave(x, axis)))
            }
          })
        }).result
    )
    const executable = yield* engine.compile(program)
    const base = Float32Array.from(points)
    return {
      stages,
      parameters: size,
      run: (parameters) =>
        Effect.map(executable.run({ parameters: Float32Array.from(parameters), base }), (outputs) => {
          const all = new Float32Array(stages.length * count * 2)
          stages.forEach((_, stage) => all.set(outputs[stage]!, stage * count * 2))
          return { shown: all, last: outputs.at(-1)! }
        })
    }
  })
