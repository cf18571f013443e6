/** From a program to a WebAssembly module and where it finds its numbers. */
import type { Program } from "../../graph/types.ts"
import type { FunctionBuilder } from "./assembler/function.ts"
import { ModuleBuilder } from "./assembler/module.ts"
import { finiteFunction } from "./finite.ts"
import type { Precision } from "./plan/lower/lower.ts"
import { lower } from "./plan/lower/lower.ts"
import type { Block, Storage } from "./storage.ts"
import { bytesIn, fixedOf, movingOf, pushOf, pushRow, start, storageOf } from "./storage.ts"
import { functionsOf } from "./unit.ts"
import { layoutOf } from "./units/layout.ts"
import { unitsOf } from "./units/units.ts"
import { sizeOf } from "../../graph/shape.ts"

/** One unit of a run: bytes are those of the values that it reads and writes. */
export interface Work {
  readonly name: string
  readonly label: string
  readonly function: number
  readonly flops: number
  readonly bytes: number
}

export interface Compiled {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly storage: Storage
  /** What a run does, in its order. */
  readonly units: ReadonlyArray<Work>
  readonly memory: { readonly bytes: number; readonly peak: number }
}

export interface CompileOptions {
  readonly precision: Precision
  readonly relaxed: boolean
  /** The inputs that the first outputs are the next values of, where the program is run in a row. */
  readonly carried?: ReadonlyArray<string> | undefined
}

export const compile = (program: Program, { precision, relaxed, carried }: CompileOptions): Compiled => {
  const lowered = lower(
    program.graph,
    program.outputs,
    program.inputs.map((i) => i.node),
    precision
  )
  const units = unitsOf(lowered)
  const moving = movingOf(program, lowered, carried ?? [])
  const layout = layoutOf(units, lowered, moving.values, new Set(fixedOf(lowered, moving)))
  const storage = storageOf(program, lowered, moving, layout, precision, carried === undefined)
  const push = pushOf(lowered, moving, layout, storage)

  const m = new ModuleBuilder(relaxed)
  const functions = functionsOf(m)
  const indices = units.map(functions.unit)
  const step = m.function(["i32", "i32", "i32"], [], (f) => {
    units.forEach((u, k) => {
      for (const p of [...u.reads, ...u.writes]) push(f, p.value, p.offset)
      if (u.workspace > 0) f.i32(start + layout.workspaces[k]!)
      f.call(indices[k]!)
    })
  })

  /** Leaves the loop before a run is counted that gave a number that is not finite. */
  const checked = (f: FunctionBuilder, block: Block, run: number, address: () => void): void => {
    if (block.dtype !== "f32" && block.dtype !== "f64") return
    address()
    const finite = functions.shared(`finite ${block.dtype}`, ["i32", "i32"], ["i32"], finiteFunction(block.dtype))
    f.i32(bytesIn(block)).call(finite)
    f.op("i32.eqz").if(() => f.get(run).return())
  }
  const runs = m.function(["i32", "i32", "i32", "i32"], ["i32"], (f) => {
    const [count, now, before, next] = [0, 1, 2, 3]
    const run = f.local("i32")
    const spare = f.local("i32")
    f.loop(() => {
      f.get(now).get(next).get(run).call(step)
      if (carried !== undefined) {
        for (const block of storage.state) checked(f, block, run, () => f.get(next).i32(block.address).op("i32.add"))
        for (const block of storage.outputs) if (block !== undefined) checked(f, block, run, () => pushRow(f, block, run))
      }
      f.get(before).set(spare).get(now).set(before).get(next).set(now).get(spare).set(next)
      f.get(run).i32(1).op("i32.add").tee(run).get(count).op("i32.lt_s").brIf(0)
    })
    f.get(run)
  })
  m.export("run", runs)
  const bytesOfValue = (value: number): number => {
    const { shape, dtype } = lowered.computations[value]!
    return bytesIn({ length: sizeOf(shape), dtype })
  }
  return {
    bytes: m.build({ pages: storage.pages }),
    storage,
    units: units.map((u, k) => ({
      name: u.name,
      label: u.label,
      function: indices[k]!,
      flops: u.flops,
      bytes: [...u.reads, ...u.writes].reduce((n, p) => n + bytesOfValue(p.value), 0)
    })),
    memory: { bytes: layout.bytes + storage.bytes, peak: layout.peak + storage.bytes }
  }
}
