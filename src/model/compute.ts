/** From a traced function to numbers: trace, compile, run, read. */
import type * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import type { Engine } from "../engine/engine.ts"
import { reference } from "../engine/reference/reference.ts"
import { ArgumentError, type EngineError, ShapeError, SiteError, TraceError } from "../errors.ts"
import type { NDArray, TypedArray } from "../graph/types.ts"
import type { Learnable, Params, TensorParams } from "../learnable/learnable.ts"
import { fold, keyOf } from "../random/key.ts"
import { programOf, trace } from "../trace/trace.ts"
import type { Answers } from "./run.ts"
import { mapTensors, type Read, toTensor } from "./value.ts"

/** What can be wrong with a model, found when it is traced. */
export type ModelError = SiteError | ArgumentError | ShapeError | TraceError

export interface RunOptions {
  /** Equal seeds give equal numbers. Default 0. */
  readonly seed?: number | undefined
  /** Parameters of `param` sites by name; those left out are as they start. */
  readonly params?: Readonly<Record<string, Params>> | undefined
  /** Default: the reference engine, in float64. */
  readonly engine?: Engine | undefined
}

const isModelError = (error: unknown): error is ModelError =>
  error instanceof SiteError || error instanceof ArgumentError || error instanceof ShapeError || error instanceof TraceError

/** What is wrong with the model is a failure, what else is thrown a defect. */
export const attemptTrace = <A>(f: () => A): Effect.Effect<A, ModelError> =>
  Effect.suspend(() => {
    try {
      return Effect.succeed(f())
    } catch (error) {
      return isModelError(error) ? Effect.fail(error) : Effect.die(error)
    }
  })

const isArray = (params: Params): params is NDArray => ArrayBuffer.isView((params as NDArray).data)

export const toTensors = (params: Params): TensorParams =>
  isArray(params) ? toTensor(params) : Object.fromEntries(Object.entries(params).map(([name, branch]) => [name, toTensors(branch)]))

/** Parameters as given, or as they start. */
const paramsFor = (name: string, learnable: Learnable<unknown>, { params, seed = 0 }: RunOptions): Params =>
  params?.[name] ?? learnable.init(fold(keyOf(seed), name))

export const paramAnswer =
  (options: RunOptions): Answers["param"] =>
  (name, learnable) =>
    toTensors(paramsFor(name, learnable, options))

/** Traces `f`, which gives a tree of tensors that hide no axis, and reads the tree out. `inputs` feeds the placeholders of `f`. */
export const compute = <T>(
  f: () => T,
  { seed = 0, engine = reference() }: RunOptions,
  inputs: Readonly<Record<string, TypedArray>> = {}
): Effect.Effect<Read<T>, ModelError | EngineError> =>
  Effect.scoped(
    Effect.gen(function* () {
      const { result } = yield* attemptTrace(() =>
        trace(() => {
          const tree = f()
          const tensors: Array<tf.Tensor> = []
          mapTensors(tree, (tensor) => tensors.push(tensor))
          return { tree, shapes: tensors.map(({ shape }) => shape), program: programOf(tensors) }
        })
      )
      const executable = yield* engine.compile(result.program)
      const { hi, lo } = keyOf(seed)
      const outputs = yield* executable.run({ key: Uint32Array.of(hi, lo, 0), ...inputs })
      let next = 0
      return mapTensors(result.tree, () => ({ shape: result.shapes[next]!, data: outputs[next++]! })) as Read<T>
    })
  )
