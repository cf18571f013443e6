/** From a program to a WebAssembly module and where it finds its numbers. */
import { range, sizeOf } from "../../graph/shape.ts"
import type { Program } from "../../graph/types.ts"
import type { FunctionBuilder } from "./assembler/function.ts"
import { ModuleBuilder } from "./assembler/module.ts"
import { finiteFunction } from "./finite.ts"
import type { Lowered } from "./plan/computation.ts"
import type { Precision } from "./plan/lower/lower.ts"
import { lower } from "./plan/lower/lower.ts"
import type { Block, Moving, Storage } from "./storage.ts"
import { bytesIn, fixedOf, movingOf, pushOf, pushRow, start, storageOf } from "./storage.ts"
import { barrier } from "./threads/barrier.ts"
import { serve } from "./threads/serve.ts"
import type { Span } from "./threads/schedule.ts"
import { meetings, stagesOf } from "./threads/schedule.ts"
import type { Functions, Place, Unit } from "./unit.ts"
import { functionsOf } from "./unit.ts"
import type { Layout } from "./units/layout.ts"
import { layoutOf, leadOf } from "./units/layout.ts"
import { unitsOf } from "./units/units.ts"

/** One unit of a run: bytes are those of the values that it reads and writes. */
export interface Work {
  readonly name: string
  readonly label: string
  /** Works of equal kinds share their code. */
  readonly kind: string
  readonly flops: number
  readonly bytes: number
}

export interface Compiled {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly storage: Storage
  /** One where nothing is worth dividing. */
  readonly threads: number
  /** What a run does, in its order. */
  readonly units: ReadonlyArray<Work>
  readonly memory: { readonly bytes: number; readonly peak: number }
}

export interface CompileOptions {
  readonly precision: Precision
  readonly relaxed: boolean
  /** The inputs that the first outputs are the next values of, where the program is run in a row. */
  readonly carried?: ReadonlyArray<string> | undefined
  /** The module has a function for each, which begin together. */
  readonly threads?: number
}

export const compile = (program: Program, { precision, relaxed, carried, threads: wanted = 1 }: CompileOptions): Compiled => {
  const lowered = lower(
    program.graph,
    program.outputs,
    program.inputs.map((i) => i.node),
    precision
  )
  const units = unitsOf(lowered)
  const moving = movingOf(program, lowered, carried ?? [])
  const stages = stagesOf(units, wanted)
  const threads = stages.some((stage) => stage.length > 1) ? wanted : 1
  const layout = layoutOf(stages, lowered, moving.values, new Set(fixedOf(lowered, moving)))
  const storage = storageOf(program, lowered, moving, layout, precision, carried === undefined)
  const push = pushOf(lowered, moving, layout, storage)

  const m = new ModuleBuilder(relaxed)
  const functions = functionsOf(m)
  const once = (run: (f: FunctionBuilder, call: (u: Unit) => void) => void): number =>
    m.function(["i32", "i32", "i32"], [], (f) =>
      run(f, (u) => {
        for (const p of [...u.reads, ...u.writes]) push(f, p.value, p.offset)
        if (u.workspace > 0) f.i32(start + layout.workspaces.get(u)!)
        f.call(functions.unit(u))
      })
    )
  const inARow = (step: number, meet: (f: FunctionBuilder) => void): number =>
    m.function(["i32", "i32", "i32", "i32"], ["i32"], (f) =>
      writeRuns(f, step, carried === undefined ? undefined : storage, functions, meet)
    )

  const alone = once((_, call) => stages.flat().forEach(call))
  m.export(
    "run",
    inARow(alone, () => {})
  )
  if (threads > 1) {
    const together = m.function([], [], barrier(threads))
    const meet = (f: FunctionBuilder): void => void f.call(together)
    const meetingAt = meetings(stages, threads, ...spansOf(lowered, moving, layout))
    range(threads).forEach((thread) => {
      const part = once((f, call) =>
        stages.forEach((stage, k) => {
          if (meetingAt[k]!) meet(f)
          if (stage[thread] !== undefined) call(stage[thread])
        })
      )
      const run = inARow(part, meet)
      m.export(thread === 0 ? "lead" : `serve ${thread}`, thread === 0 ? run : m.function([], [], serve(run)))
    })
  }
  const bytesOfValue = (value: number): number =>
    bytesIn({ length: sizeOf(lowered.computations[value]!.shape), dtype: lowered.computations[value]!.dtype })
  return {
    bytes: m.build({ pages: storage.pages, ...(threads > 1 ? { maximum: storage.pages } : {}) }),
    storage,
    threads,
    get units() {
      return units.map((u) => ({
        name: u.name,
        label: u.label,
        kind: `${u.name} ${u.key}`,
        flops: u.flops,
        bytes: [...u.reads, ...u.writes].reduce((n, p) => n + bytesOfValue(p.value), 0)
      }))
    },
    memory: { bytes: layout.bytes + storage.bytes, peak: layout.peak + storage.bytes }
  }
}

/**
 * Calls the function of one run so often, from the addresses of the three copies of the state, and gives how many runs were taken. Where there
 * is a state, a run that gives a number that is not finite is not. `meet` makes threads wait for each other.
 */
const writeRuns = (
  f: FunctionBuilder,
  step: number,
  checked: Storage | undefined,
  functions: Functions,
  meet: (f: FunctionBuilder) => void
): void => {
  const [count, now, before, next] = [0, 1, 2, 3]
  const run = f.local("i32")
  const spare = f.local("i32")
  const check = (block: Block, address: () => void): void => {
    if (block.dtype !== "f32" && block.dtype !== "f64") return
    address()
    f.i32(bytesIn(block)).call(functions.shared(`finite ${block.dtype}`, ["i32", "i32"], ["i32"], finiteFunction(block.dtype)))
    f.op("i32.eqz").brIf(1)
  }
  f.block(() =>
    f.loop(() => {
      f.get(now).get(next).get(run).call(step)
      meet(f)
      if (checked !== undefined) {
        for (const block of checked.state) check(block, () => f.get(next).i32(block.address).op("i32.add"))
        for (const block of checked.outputs) if (block !== undefined) check(block, () => pushRow(f, block, run))
      }
      f.get(before).set(spare).get(now).set(before).get(next).set(now).get(spare).set(next)
      f.get(run).i32(1).op("i32.add").tee(run).get(count).op("i32.lt_s").brIf(0)
    })
  )
  meet(f)
  f.get(run)
}

/** Where units read and write in memory. What moves from run to run stands in a space of its own. */
const spansOf = (
  { computations }: Lowered,
  { values }: Moving,
  layout: Layout
): readonly [(place: Place) => Span, (u: Unit) => ReadonlyArray<Span>] => {
  const apart = new Map([...values].map((value, k) => [value, 2 ** 40 + 2 ** 33 * k] as const))
  return [
    ({ value, range: part }) => {
      const c = computations[value]!
      const from = apart.get(value) ?? layout.values.get(value)!
      const [low, high] = part ?? [-leadOf(c), bytesIn({ length: sizeOf(c.shape), dtype: c.dtype })]
      return [from + low, from + high]
    },
    (u) => {
      const from = layout.workspaces.get(u)!
      return u.workspace > 0 ? [[from, from + u.workspace]] : []
    }
  ]
}
