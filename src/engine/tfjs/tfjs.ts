/** The tfjs engine: a program replayed on an ordinary tfjs backend, in float32. */
import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import type { EngineError } from "../../errors.ts"
import { simplify } from "../../graph/simplify.ts"
import { sizeOf } from "../../graph/shape.ts"
import type { Program, TypedArray } from "../../graph/types.ts"
import { asEngineError, attempt } from "../attempt.ts"
import type { Engine, Inputs } from "../engine.ts"
import { wrongInput } from "../given.ts"
import { stepwise } from "../stepwise.ts"
import { onBackend, startBackend } from "./backend.ts"
import { prepareReplay } from "./replay.ts"

export interface TfjsOptions {
  /** A registered tfjs backend: "cpu", "wasm", "webgl", … */
  readonly backend: string
}

/**
 * Runs programs on a tfjs backend in float32, a kernel at a time. Import the backend's package first. What the rest of the program uses tfjs
 * for keeps its own backend. Noise and what tfjs can't express (lgamma, Cholesky, sort, scan …) are computed on the host by the reference
 * kernels, and uploaded; float64 nodes are computed in float32.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu"
 * import { tfjsEngine } from "pushforward"
 *
 * console.log(tfjsEngine({ backend: "cpu" }).name)
 * ```
 */
export const tfjsEngine = ({ backend }: TfjsOptions): Engine => {
  const name = `tfjs ${backend}`
  const compile: Engine["compile"] = (traced) =>
    Effect.gen(function* () {
      yield* startBackend(backend)
      const program = simplify(traced)
      const replay = yield* Effect.acquireRelease(
        attempt(name, "compile", () => onBackend(backend, () => prepareReplay(name, program.graph, program.outputs))),
        (r) => Effect.sync(r.dispose)
      )
      const run = (inputs: Inputs) =>
        Effect.uninterruptible(
          Effect.flatMap(
            attempt(name, "run", () => {
              const host = hostInputs(name, program, inputs)
              return onBackend(backend, () => tf.tidy(() => replay.run(host)))
            }),
            (tensors) => read(name, tensors)
          )
        )
      return { program, run }
    })
  return stepwise({ name, compile })
}

const hostInputs = (engine: string, program: Program, inputs: Inputs): ReadonlyMap<number, TypedArray> =>
  new Map(
    program.inputs.map(({ node, name, data }) => {
      const value = inputs[name] ?? data
      const size = sizeOf(program.graph.nodes[node]!.shape)
      if (value?.length !== size) throw wrongInput(engine, name, size, value)
      return [node, value] as const
    })
  )

/** The numbers of the tensors, which are disposed. */
const read = (engine: string, tensors: ReadonlyArray<tf.Tensor>): Effect.Effect<ReadonlyArray<TypedArray>, EngineError> =>
  Effect.ensuring(
    Effect.tryPromise({
      try: async () => (await Promise.all(tensors.map((t) => t.data()))).map((d) => d.slice() as TypedArray),
      catch: (cause) => asEngineError(engine, "read", cause)
    }),
    Effect.sync(() => tensors.forEach((t) => t.dispose()))
  )
