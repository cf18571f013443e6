/** From a program to a WebAssembly module and where it finds its numbers. */
import { sizeOf } from "../../graph/shape.ts"
import type { DType, Program } from "../../graph/types.ts"
import { ModuleBuilder } from "./assembler/module.ts"
import type { Precision } from "./plan/lower/lower.ts"
import { lower } from "./plan/lower/lower.ts"
import { bytesOf } from "./plan/nest.ts"
import { functionsOf } from "./unit.ts"
import { layoutOf } from "./units/layout.ts"
import { unitsOf } from "./units/units.ts"

/** Numbers in the memory of a module. */
export interface Block {
  readonly address: number
  readonly length: number
  readonly dtype: DType
}

/** One unit of a step: bytes are those of the values that it reads and writes. */
export interface Work {
  readonly name: string
  readonly label: string
  readonly function: number
  readonly flops: number
  readonly bytes: number
}

export interface Compiled {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly pages: number
  /** By the program's inputs; undefined where nothing depends on one. */
  readonly inputs: ReadonlyArray<Block | undefined>
  readonly outputs: ReadonlyArray<Block>
  readonly constants: ReadonlyArray<{ readonly block: Block; readonly value: ArrayLike<number> }>
  /** What a step does, in its order. */
  readonly units: ReadonlyArray<Work>
  readonly memory: { readonly bytes: number; readonly peak: number }
}

/** Address 0 is no value's. */
const start = 64

/** Vectors may read this far beyond the last number. */
const guard = 64

export const compile = (program: Program, precision: Precision, relaxed: boolean): Compiled => {
  const lowered = lower(
    program.graph,
    program.outputs,
    program.inputs.map((i) => i.node),
    precision
  )
  const { computations } = lowered
  const units = unitsOf(lowered)
  const fixed = computations.flatMap((c, i) => (c.op === "input" || c.op === "constant" ? [i] : []))
  const layout = layoutOf(units, lowered, new Set(), new Set(fixed), lowered.outputs)
  const m = new ModuleBuilder(relaxed)
  const functions = functionsOf(m)
  const indices = units.map(functions.unit)
  const step = m.function([], [], (f) => {
    units.forEach((u, k) => {
      for (const p of [...u.reads, ...u.writes]) f.i32(start + layout.values.get(p.value)! + p.offset)
      if (u.workspace > 0) f.i32(start + layout.workspaces[k]!)
      f.call(indices[k]!)
    })
  })
  m.export("step", step)
  const pages = Math.ceil((start + layout.bytes + guard) / 65536)
  const block = (value: number): Block => {
    const { shape, dtype } = computations[value]!
    return { address: start + layout.values.get(value)!, length: sizeOf(shape), dtype }
  }
  return {
    bytes: m.build({ pages }),
    pages,
    inputs: lowered.inputs.map((v) => (v === undefined ? undefined : block(v))),
    outputs: lowered.outputs.map(block),
    constants: fixed.flatMap((v) => {
      const c = computations[v]!
      return c.op === "constant" ? [{ block: block(v), value: c.attributes["value"] as ArrayLike<number> }] : []
    }),
    units: units.map((u, k) => ({
      name: u.name,
      label: u.label,
      function: indices[k]!,
      flops: u.flops,
      bytes: [...u.reads, ...u.writes].reduce((n, p) => n + sizeOf(computations[p.value]!.shape) * bytesOf(computations[p.value]!.dtype), 0)
    })),
    memory: { bytes: layout.bytes, peak: layout.peak }
  }
}
