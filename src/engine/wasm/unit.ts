/** A piece of a step: what it reads and writes, and the function that computes it. */
import type { FunctionBuilder, ValueType } from "./assembler/function.ts"
import type { Real } from "./math/emitter.ts"
import { mathFunctions } from "./math/table.ts"
import type { ModuleBuilder } from "./assembler/module.ts"

/** A place in a value, in bytes from where it starts. */
export interface Place {
  readonly value: number
  readonly offset: number
  /** What is read or written there, in bytes from where the value starts: [from, to). All of the value where it is left out. */
  readonly range?: readonly [from: number, to: number]
}

/** Its function takes the addresses of what it reads, of what it writes, and of its workspace if it wants one. */
export interface Unit {
  readonly name: string
  /** What it computes, for people. */
  readonly label: string
  /** Floating-point operations. */
  readonly flops: number
  readonly reads: ReadonlyArray<Place>
  readonly writes: ReadonlyArray<Place>
  /** Bytes that it may write while it runs. */
  readonly workspace: number
  /** Units of equal keys share one function. */
  readonly key: string
  readonly write: (f: FunctionBuilder, functions: Functions) => void
  /** Values that it reads and writes element by element, so that the one may stand where the other stood. */
  readonly inPlace?: ReadonlyArray<readonly [read: number, written: number]>
  /** Itself as units that can run side by side, and give the same numbers; undefined where there is too little to do. */
  readonly split?: (parts: number) => ReadonlyArray<Unit> | undefined
}

/** The functions of a module, each written once. */
export interface Functions {
  readonly unit: (u: Unit) => number
  readonly math: (op: string, dtype: Real) => number
  /** A function that several units call. */
  readonly shared: (
    name: string,
    params: ReadonlyArray<ValueType>,
    results: ReadonlyArray<ValueType>,
    write: (f: FunctionBuilder) => void
  ) => number
}

export const functionsOf = (m: ModuleBuilder): Functions => {
  const written = new Map<string, number>()
  const once = (key: string, write: () => number): number => {
    const before = written.get(key)
    if (before !== undefined) return before
    const index = write()
    written.set(key, index)
    return index
  }
  const functions: Functions = {
    unit: (u) => {
      const addresses = u.reads.length + u.writes.length + (u.workspace > 0 ? 1 : 0)
      return once(`${u.name} ${u.key}`, () =>
        m.function(
          Array.from({ length: addresses }, () => "i32" as const),
          [],
          (f) => u.write(f, functions)
        )
      )
    },
    math: (op, dtype) =>
      once(`math ${op} ${dtype}`, () => {
        const { arguments: n, emit } = mathFunctions[op]!
        const call =
          (f: FunctionBuilder) =>
          (name: string, as: Real = dtype) =>
            void f.call(functions.math(name, as))
        return m.function(
          Array.from({ length: n }, () => "v128" as const),
          ["v128"],
          (f) => emit(f, dtype, call(f))
        )
      }),
    shared: (name, params, results, write) => once(`shared ${name}`, () => m.function(params, results, write))
  }
  return functions
}
