/** A module with its memory, fed and read. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { EngineError } from "../../errors.ts"
import type { Program, TypedArray } from "../../graph/types.ts"
import { attempt } from "../attempt.ts"
import type { Inputs, Iterated } from "../engine.ts"
import { wrongInput } from "../given.ts"
import type { Block, Storage } from "./storage.ts"
import { faster } from "./threads/choice.ts"
import { crew, dismiss, led } from "./threads/crew.ts"

type Values = Float32Array | Float64Array | Int32Array | Uint32Array

/** Takes the number of runs and the addresses of the three copies of the state; gives how many runs were taken. */
export type Run = (count: number, now: number, before: number, next: number) => number

const viewOf = (memory: WebAssembly.Memory, { address, length, dtype }: Block, rows = 1): Values => {
  const size = rows * length
  if (dtype === "f32") return new Float32Array(memory.buffer, address, size)
  if (dtype === "f64") return new Float64Array(memory.buffer, address, size)
  return dtype === "u32" ? new Uint32Array(memory.buffer, address, size) : new Int32Array(memory.buffer, address, size)
}

/** What programs of one structure share. */
export interface Built {
  readonly storage: Storage
  readonly module: WebAssembly.Module
  readonly threads: number
}

export interface Instance {
  readonly program: Program
  readonly storage: Storage
  readonly memory: WebAssembly.Memory
  readonly run: Run
}

export const instanceOf = (program: Program, { storage, module, threads }: Built): Effect.Effect<Instance, EngineError, Scope.Scope> =>
  Effect.gen(function* () {
    const { pages } = storage
    const { memory, exports } = yield* attempt("wasm", "compile", () => {
      const memory = new WebAssembly.Memory(threads > 1 ? { initial: pages, maximum: pages, shared: true } : { initial: pages })
      return { memory, exports: new WebAssembly.Instance(module, { host: { memory } }).exports }
    })
    for (const { block, value } of storage.constants) viewOf(memory, block).set(value)
    program.inputs.forEach(({ data }, i) => {
      const block = storage.data[i]
      if (block !== undefined) viewOf(memory, block).set(data!)
    })
    const run = exports["run"] as Run
    if (threads === 1) return { program, storage, memory, run }
    yield* crew(module, memory, threads)
    const settle = (chosen: 0 | 1): void => void (chosen === 0 && dismiss(memory))
    return { program, storage, memory, run: faster([run, led(memory, exports["lead"] as Run)], settle) }
  })

/** One run at a time, of any inputs. */
export const runOf = ({ program, storage, memory, run }: Instance): ((inputs: Inputs) => ReadonlyArray<TypedArray>) => {
  const targets = program.inputs.flatMap(({ name, data }, i) => {
    const block = storage.data[i] ?? storage.inputs[i]
    return block === undefined ? [] : [{ name, data, view: viewOf(memory, block), held: data }]
  })
  const results = storage.outputs.map((block) => ({ view: viewOf(memory, block!), truth: block!.dtype === "bool" }))
  return (inputs) => {
    for (const target of targets) {
      const { name, data, view, held } = target
      const value = inputs[name] ?? data
      if (value?.length !== view.length) throw wrongInput("wasm", name, view.length, value)
      if (value === data && held === data) continue
      view.set(value)
      target.held = value === data ? data : undefined
    }
    run(1, 0, 0, 0)
    return results.map(({ view, truth }) => (truth ? Uint8Array.from(view) : view.slice()))
  }
}

type Iterate = (state: ReadonlyArray<TypedArray>, rows: Inputs, count: number) => Iterated

/** Runs in a row, of what has been checked. */
export const iterateOf = ({ program, storage, memory, run }: Instance): Iterate => {
  const { slots, capacity } = storage
  const copies = slots.map((slot) => storage.state.map((block) => viewOf(memory, { ...block, address: slot + block.address })))
  const fed = program.inputs.flatMap(({ name }, i) => {
    const block = storage.inputs[i]
    return block === undefined ? [] : [{ name, length: block.length, view: viewOf(memory, block, capacity) }]
  })
  const tables = storage.outputs.flatMap((block) =>
    block === undefined ? [] : [{ length: block.length, view: viewOf(memory, block, capacity), truth: block.dtype === "bool" }]
  )
  const read = (copy: number): ReadonlyArray<TypedArray> => copies[copy % 3]!.map((view) => view.slice())
  return (state, rows, count) => {
    copies[0]!.forEach((view, k) => view.set(state[k]!))
    let taken = 0
    let finite = true
    const parts: Array<ReadonlyArray<TypedArray>> = []
    while (finite && taken < count) {
      const runs = Math.min(capacity, count - taken)
      for (const { name, length, view } of fed) view.set(rows[name]!.subarray(taken * length, (taken + runs) * length))
      // copy k is the state after k runs, the one before it is after k − 1
      const at = (k: number): number => slots[(taken + k) % 3]!
      const more = run(runs, at(0), at(2), at(1))
      finite = more === runs
      const seen = Math.min(runs, more + 1)
      parts.push(
        tables.map(({ length, view, truth }) => (truth ? Uint8Array.from(view.subarray(0, seen * length)) : view.slice(0, seen * length)))
      )
      taken += more
    }
    return {
      taken,
      state: taken === 0 ? state : read(taken),
      before: taken < 2 ? state : read(taken + 2),
      rows: tables.map((_, j) => joined(parts.map((part) => part[j]!)))
    }
  }
}

const joined = (parts: ReadonlyArray<TypedArray>): TypedArray => {
  if (parts.length === 1) return parts[0]!
  const all = new (parts[0]!.constructor as Float64ArrayConstructor)(parts.reduce((n, p) => n + p.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
