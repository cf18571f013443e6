/** The tfjs engine: a program replayed on an ordinary tfjs backend, in float32. */
import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import { EngineError } from "../../errors.ts"
import { simplify } from "../../graph/simplify.ts"
import { sizeOf } from "../../graph/shape.ts"
import type { Program, TypedArray } from "../../graph/types.ts"
import type { Engine, Inputs } from "../engine.ts"
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
  const attempt = <A>(operation: string, f: () => A): Effect.Effect<A, EngineError> =>
    Effect.try({ try: f, catch: (cause) => asEngineError(name, operation, cause) })
  const compile: Engine["compile"] = (traced) =>
    Effect.gen(function* () {
      yield* startBackend(backend)
      const program = simplify(traced)
      const replay = yield* Effect.acquireRelease(
        attempt("compile", () => onBackend(backend, () => prepareReplay(name, program.graph, program.outputs))),
        (r) => Effect.sync(r.dispose)
      )
      const run = (inputs: Inputs) =>
        Effect.uninterruptible(
          Effect.flatMap(
            attempt("run", () => {
              const host = hostInputs(name, program, inputs)
              return onBackend(backend, () => tf.tidy(() => replay.run(host)))
            }),
            (tensors) => read(name, tensors)
          )
        )
      return { program, run }
    })
  return { name, compile, iterate: stepwise(compile) }
}

const hostInputs = (engine: string, program: Program, inputs: Inputs): ReadonlyMap<number, TypedArray> =>
  new Map(
    program.inputs.map(({ node, name, data }) => {
      const value = inputs[name] ?? data
      const size = sizeOf(program.graph.nodes[node]!.shape)
      if (value === undefined || value.length !== size) {
        throw new EngineError({
          engine,
          operation: "run",
          reason:
            value === undefined
              ? `no value was given for input "${name}"`
              : `input "${name}" has ${size} elements, but ${value.length} were given`
        })
      }
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

const asEngineError = (engine: string, operation: string, cause: unknown): EngineError =>
  cause instanceof EngineError
    ? cause
    : new EngineError({ engine, operation, reason: cause instanceof Error ? cause.message : String(cause) })
