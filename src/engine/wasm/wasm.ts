/** The compiled engine: a program is one WebAssembly module. */
import * as Effect from "effect/Effect"
import { EngineError } from "../../errors.ts"
import type { Program } from "../../graph/types.ts"
import type { Engine } from "../engine.ts"
import { hasRelaxedSimd } from "./assembler/features.ts"
import { compile } from "./compile.ts"
import { instanceOf, iterateOf, runOf } from "./instance.ts"
import type { Precision } from "./plan/lower/lower.ts"
import type { Storage } from "./storage.ts"
import { structureOf } from "./structure.ts"

export interface WasmOptions {
  /** Of float32 nodes: as they are, or all in double precision. */
  readonly precision?: Precision
  /** Whether products are fused with sums, by relaxed SIMD; by default where the machine has it. Results differ in their last digits. */
  readonly fused?: boolean
}

interface Built {
  readonly storage: Storage
  readonly module: WebAssembly.Module
}

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
  const precision = options.precision ?? "float32"
  const built = new Map<string, Built>()
  let relaxed = options.fused
  const build = (program: Program, carried?: ReadonlyArray<string>): Built => {
    const key = structureOf(program, carried)
    const before = built.get(key)
    if (before !== undefined) return before
    relaxed ??= hasRelaxedSimd()
    const { bytes, storage } = compile(program, { precision, relaxed, carried })
    const made = { storage, module: new WebAssembly.Module(bytes) }
    built.set(key, made)
    return made
  }
  const instanceFor = (program: Program, carried?: ReadonlyArray<string>) => {
    const { storage, module } = build(program, carried)
    return instanceOf(program, storage, module)
  }
  return {
    name: "wasm",
    compile: (program) =>
      attempt("compile", () => {
        const run = runOf(instanceFor(program))
        return { program, run: (inputs) => attempt("run", () => run(inputs)) }
      }),
    iterate: (program, carried) =>
      attempt("compile", () => {
        const iterate = iterateOf(instanceFor(program, carried), carried)
        return { program, run: (state, rows, count) => attempt("run", () => iterate(state, rows, count)) }
      })
  }
}

const attempt = <A>(operation: string, f: () => A): Effect.Effect<A, EngineError> =>
  Effect.try({ try: f, catch: (cause) => asEngineError(operation, cause) })

const asEngineError = (operation: string, cause: unknown): EngineError =>
  cause instanceof EngineError
    ? cause
    : new EngineError({ engine: "wasm", operation, reason: cause instanceof Error ? cause.message : String(cause) })
