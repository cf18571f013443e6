/** An engine that keeps what was run on it. */
import * as Effect from "effect/Effect"
import { type Engine, type GraphProgram, type TypedArray, wasm, type WasmOptions } from "pushforward"

export type Arrays = Readonly<Record<string, TypedArray>>

interface Run {
  readonly program: GraphProgram
  readonly inputs: Arrays
  readonly outputs: ReadonlyArray<TypedArray>
  /** In milliseconds since the recorder was made. */
  readonly at: number
}

export const recorder = (options: WasmOptions): { readonly engine: Engine; readonly runs: ReadonlyArray<Run> } => {
  const began = performance.now()
  const runs: Array<Run> = []
  const { name, compile } = wasm(options)
  const engine: Engine = {
    name,
    compile: (program) =>
      Effect.map(compile(program), ({ run }) => ({
        program,
        run: (inputs) =>
          Effect.map(run(inputs), (outputs) => {
            runs.push({ program, inputs, outputs, at: performance.now() - began })
            return outputs
          })
      }))
  }
  return { engine, runs }
}
