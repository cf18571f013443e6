/** The compiled engine: a program is one WebAssembly module. */
import * as Effect from "effect/Effect"
import { ArgumentError } from "../../errors.ts"
import type { Program, TypedArray } from "../../graph/types.ts"
import { attempt } from "../attempt.ts"
import type { Engine, Inputs } from "../engine.ts"
import { checkFor } from "../given.ts"
import { hasRelaxedSimd } from "./assembler/features.ts"
import { compile } from "./compile.ts"
import type { Built } from "./instance.ts"
import { instanceOf, iterateOf, runOf } from "./instance.ts"
import type { Precision } from "./plan/lower/lower.ts"
import { structureOf } from "./structure.ts"

export interface WasmOptions {
  /** Of float32 nodes: as they are, or all in double precision. */
  readonly precision?: Precision
  /** Whether products are fused with sums, by relaxed SIMD; by default where the machine has it. Results differ in their last digits. */
  readonly fused?: boolean
  /**
   * Threads that share the large parts of a program; by default 1. Each program is timed both ways as it begins, and goes on in the faster
   * one; the numbers are the same. In a browser it takes a page that is isolated, and fits in a worker.
   */
  readonly threads?: number
}

const name = "wasm"

/** The latest are kept. */
const mostModules = 100

/**
 * Compiles a program to one WebAssembly module with SIMD. Programs that differ in data, seeds or weights only share a module.
 *
 * @example
 * ```ts
 * import { wasm } from "pushforward"
 *
 * const engine = wasm({ precision: "float64" })
 * console.log(engine.name)
 * ```
 */
export const wasm = (options: WasmOptions = {}): Engine => {
  const { precision = "float32", threads = 1 } = options
  if (!(Number.isSafeInteger(threads) && threads > 0))
    throw new ArgumentError({ argument: "wasm.threads", expected: "a whole number above 0", received: String(threads) })
  const built = new Map<string, Built>()
  let relaxed = options.fused
  const build = (program: Program, carried?: ReadonlyArray<string>): Built => {
    const key = structureOf(program, carried)
    const before = built.get(key)
    if (before !== undefined) {
      built.delete(key)
      built.set(key, before)
      return before
    }
    relaxed ??= hasRelaxedSimd()
    const { bytes, storage, threads: used } = compile(program, { precision, relaxed, carried, threads })
    const made = { storage, threads: used, module: new WebAssembly.Module(bytes) }
    built.set(key, made)
    const [oldest] = built.keys()
    if (built.size > mostModules) built.delete(oldest!)
    return made
  }
  const instanceFor = (program: Program, carried?: ReadonlyArray<string>) =>
    Effect.flatMap(
      attempt(name, "compile", () => build(program, carried)),
      (made) => instanceOf(program, made)
    )
  return {
    name,
    compile: (program) =>
      Effect.map(instanceFor(program), (instance) => {
        const run = runOf(instance)
        return { program, run: (inputs) => attempt(name, "run", () => run(inputs)) }
      }),
    iterate: (program, carried) =>
      Effect.gen(function* () {
        const check = yield* attempt(name, "compile", () => checkFor(name, program, carried))
        const iterate = iterateOf(yield* instanceFor(program, carried))
        const run = (state: ReadonlyArray<TypedArray>, rows: Inputs, count: number) =>
          attempt(name, "run", () => {
            check(state, rows, count)
            return iterate(state, rows, count)
          })
        return { program, run }
      })
  }
}
