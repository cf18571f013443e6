/** Densities on a grid: of a target once, of a flow for any parameters. */
import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Engine, EngineError, FlowContext, Learnable, Params, TensorParams, TypedArray } from "pushforward"
import type { Bijector } from "pushforward/bijectors"
import { Normal } from "pushforward/distributions"
import { cut } from "../../src/inference/step.ts"
import { sizeOfTree } from "../../src/learnable/index.ts"
import type { ModelError } from "../../src/model/compute.ts"
import { attemptTrace } from "../../src/model/compute.ts"
import { keyOf } from "../../src/random/key.ts"
import { enter, leave, newAxis, under } from "../../src/trace/axes.ts"
import { placeholder, programOf, trace } from "../../src/trace/trace.ts"
import type { Plane } from "../catalogue/menu.ts"
import type { Picture } from "../protocol.ts"

export interface Pictured {
  readonly run: (parameters: TypedArray) => Effect.Effect<Picture, EngineError>
}

type View = Plane["view"]

const centre = ([from, to]: readonly [number, number], i: number, size: number): number => from + ((to - from) * (i + 0.5)) / size

/** The middles of the pixels, row by row from the bottom. */
const middles = ({ x, y }: View, size: number): Float32Array =>
  Float32Array.from(
    Array.from({ length: size * size }, (_, i) => [centre(x, i % size, size), centre(y, Math.floor(i / size), size)]).flat()
  )

const pictured = (
  view: View,
  size: number,
  like: Params,
  logDensity: (x: tf.Tensor, params: TensorParams) => tf.Tensor,
  engine: Engine
): Effect.Effect<Pictured, ModelError | EngineError, Scope.Scope> =>
  Effect.gen(function* () {
    const program = yield* attemptTrace(
      () =>
        trace(() => {
          const { tree } = cut(placeholder("parameters", [sizeOfTree(like)]), like)
          const axis = newAxis("pixel", size * size)
          return under(axis, () => {
            const x = enter(placeholder("points", [size * size, 2]), axis)
            return programOf([leave(tf.exp(logDensity(x, tree)), axis)])
          })
        }).result
    )
    const executable = yield* engine.compile(program)
    const points = middles(view, size)
    return {
      run: (parameters) =>
        Effect.map(executable.run({ parameters: Float32Array.from(parameters), points }), ([values]) => ({
          size,
          values: Float32Array.from(values!)
        }))
    }
  })

const fine = 160
const coarse = 96

/** Programs have one parameter at least. */
const none: Params = { shape: [1], data: Float64Array.of(0) }

export const pictureOfTarget = (view: View, logProb: (x: tf.Tensor) => tf.Tensor, engine: Engine) =>
  Effect.flatMap(pictured(view, fine, none, logProb, engine), ({ run }) => run(none.data))

export const picturesOfFlow = (view: View, flow: Learnable<Bijector, FlowContext>, engine: Engine) =>
  pictured(
    view,
    coarse,
    flow.init(keyOf(0)),
    (x, params) => {
      const { value, logDet } = flow.build(params, undefined).inverse(x)
      return tf.add(Normal([0, 0], 1).logProb(value), logDet)
    },
    engine
  )
