/** The compiled engine: a program is one WebAssembly module. */
import * as Effect from "effect/Effect"
import { EngineError } from "../../errors.ts"
import type { Program, TypedArray } from "../../graph/types.ts"
import type { Engine } from "../engine.ts"
import { hasRelaxedSimd } from "./assembler/features.ts"
import type { Block, Compiled } from "./compile.ts"
import { compile } from "./compile.ts"
import type { Precision } from "./plan/lower/lower.ts"
import { structureOf } from "./structure.ts"

export interface WasmOptions {
  /** Of float32 nodes: as they are, or all in double precision. */
  readonly precision?: Precision
  /** Whether products are fused with sums, by relaxed SIMD; by default where the machine has it. Results differ in their last digits. */
  readonly fused?: boolean
}

interface Built {
  readonly compiled: Compiled
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
  const build = (program: Program): Built => {
    const key = structureOf(program)
    const before = built.get(key)
    if (before !== undefined) return before
    relaxed ??= hasRelaxedSimd()
    const compiled = compile(program, precision, relaxed)
    const made = { compiled, module: new WebAssembly.Module(compiled.bytes) }
    built.set(key, made)
    return made
  }
  return {
    name: "wasm",
    compile: (program) =>
      Effect.try({
        try: () => {
          const run = instantiate(program, build(program))
          return {
            program,
            run: (inputs: Readonly<Record<string, TypedArray>>) =>
              Effect.try({ try: () => run(inputs), catch: (cause) => asEngineError("run", cause) })
          }
        },
        catch: (cause) => asEngineError("compile", cause)
      })
  }
}

const instantiate = (
  program: Program,
  { compiled, module }: Built
): ((inputs: Readonly<Record<string, TypedArray>>) => ReadonlyArray<TypedArray>) => {
  const memory = new WebAssembly.Memory({ initial: compiled.pages })
  const instance = new WebAssembly.Instance(module, { host: { memory } })
  const step = instance.exports["step"] as () => void
  const viewOf = ({ address, length, dtype }: Block): Float32Array | Float64Array | Int32Array | Uint32Array => {
    if (dtype === "f32") return new Float32Array(memory.buffer, address, length)
    if (dtype === "f64") return new Float64Array(memory.buffer, address, length)
    return dtype === "u32" ? new Uint32Array(memory.buffer, address, length) : new Int32Array(memory.buffer, address, length)
  }
  for (const { block, value } of compiled.constants) viewOf(block).set(value)
  const targets = program.inputs.flatMap(({ name, data }, i) => {
    const block = compiled.inputs[i]
    return block === undefined ? [] : [{ name, data, view: viewOf(block), holdsData: false }]
  })
  const results = compiled.outputs.map((block) => ({ view: viewOf(block), truth: block.dtype === "bool" }))
  return (inputs) => {
    for (const target of targets) {
      const { name, data, view } = target
      const value = inputs[name] ?? data
      if (value?.length !== view.length) throw wrongInput(name, view.length, value)
      if (value === data && target.holdsData) continue
      view.set(value)
      target.holdsData = value === data
    }
    step()
    return results.map(({ view, truth }) => (truth ? Uint8Array.from(view) : view.slice()))
  }
}

const wrongInput = (name: string, length: number, value: TypedArray | undefined): EngineError =>
  new EngineError({
    engine: "wasm",
    operation: "run",
    reason:
      value === undefined
        ? `no value was given for input "${name}"`
        : `input "${name}" has ${length} elements, but ${value.length} were given`
  })

const asEngineError = (operation: string, cause: unknown): EngineError =>
  cause instanceof EngineError
    ? cause
    : new EngineError({ engine: "wasm", operation, reason: cause instanceof Error ? cause.message : String(cause) })
