/** Where the numbers of a program stand in the memory of its module. */
import { EngineError } from "../../errors.ts"
import { sizeOf } from "../../graph/shape.ts"
import type { DType, Program } from "../../graph/types.ts"
import type { FunctionBuilder } from "./assembler/function.ts"
import type { Lowered } from "./plan/computation.ts"
import type { Precision } from "./plan/lower/lower.ts"
import { bytesOf } from "./plan/nest.ts"
import { controlBytes } from "./threads/barrier.ts"
import type { Layout } from "./units/layout.ts"

/** Numbers in the memory of a module. */
export interface Block {
  readonly address: number
  readonly length: number
  readonly dtype: DType
}

export const bytesIn = ({ length, dtype }: Omit<Block, "address">): number => length * bytesOf(dtype)

export interface Storage {
  readonly pages: number
  /** Bytes of the state's copies and of the tables. */
  readonly bytes: number
  readonly constants: ReadonlyArray<{ readonly block: Block; readonly value: ArrayLike<number> }>
  /** Of the inputs that have data; undefined for others, and where nothing depends on one. */
  readonly data: ReadonlyArray<Block | undefined>
  /** The state, from where a copy of it starts. There are three: the one that is now, the one before, and room for the next. */
  readonly state: ReadonlyArray<Block>
  readonly slots: readonly [number, number, number]
  /** Tables of the other inputs and outputs, by the program's lists, with a row for each run of a call: the block is the first row. */
  readonly inputs: ReadonlyArray<Block | undefined>
  readonly outputs: ReadonlyArray<Block | undefined>
  /** Rows of a table. */
  readonly capacity: number
}

/** Values that do not stand where a layout says: the state, and what has a row for each run. */
export interface Moving {
  /** The places of the carried inputs in the program's list. */
  readonly carried: ReadonlyArray<number>
  readonly rowInputs: ReadonlyArray<number>
  readonly values: ReadonlySet<number>
}

/** Where values begin. */
export const start = controlBytes

/** Vectors may read this far beyond the last number. */
const guard = 64

/** The tables of one call have so many bytes and rows at most. */
const mostBytes = 2 ** 20
const mostRows = 256

/** Addresses have 32 bits. */
const largest = 2 ** 32

const refuseLarge = (bytes: number): void => {
  if (bytes <= largest) return
  throw new EngineError({
    engine: "wasm",
    operation: "compile",
    reason: `the program needs ${(bytes / 2 ** 30).toFixed(1)} GiB of memory, and a module has ${largest / 2 ** 30} at most`,
    remedy: "Take the rows of a large plate in minibatches (`subsample`), or fewer draws a step."
  })
}

const aligned = (n: number): number => Math.ceil(n / 64) * 64

export const movingOf = (program: Program, lowered: Lowered, names: ReadonlyArray<string>): Moving => {
  const carried = names.map((name) => program.inputs.findIndex((i) => i.name === name))
  const rowInputs = program.inputs.flatMap(({ data }, i) => (data !== undefined || carried.includes(i) ? [] : [i]))
  const inputs = [...carried, ...rowInputs].flatMap((i) => lowered.inputs[i] ?? [])
  return { carried, rowInputs, values: new Set([...inputs, ...lowered.outputs]) }
}

/** What stays where it is from the start of a run to its end. */
export const fixedOf = ({ computations }: Lowered, { values }: Moving): ReadonlyArray<number> =>
  computations.flatMap(({ op }, i) => ((op === "input" || op === "constant") && !values.has(i) ? [i] : []))

export const storageOf = (
  program: Program,
  lowered: Lowered,
  { carried, rowInputs, values }: Moving,
  layout: Layout,
  precision: Precision,
  once: boolean
): Storage => {
  const { computations } = lowered
  const ofInput = (i: number): Omit<Block, "address"> => {
    const { shape, dtype } = program.graph.nodes[program.inputs[i]!.node]!
    return { length: sizeOf(shape), dtype: dtype === "f32" && precision === "float64" ? "f64" : dtype }
  }
  const ofValue = (value: number): Omit<Block, "address"> => {
    const { shape, dtype } = computations[value]!
    return { length: sizeOf(shape), dtype }
  }
  const rows = [...rowInputs.map(ofInput), ...lowered.outputs.slice(carried.length).map(ofValue)]
  const rowBytes = rows.reduce((n, b) => n + bytesIn(b), 0)
  const capacity = once ? 1 : Math.max(1, Math.min(mostRows, Math.floor(mostBytes / Math.max(1, rowBytes))))

  const from = aligned(start + layout.bytes)
  let top = from
  const take = (bytes: number): number => {
    const address = top
    top = aligned(top + bytes)
    return address
  }
  let inSlot = 0
  const state = carried.map((i): Block => {
    const address = inSlot
    inSlot = aligned(inSlot + bytesIn(ofInput(i)))
    return { ...ofInput(i), address }
  })
  const slots = [take(inSlot), take(inSlot), take(inSlot)] as const
  const table = (size: Omit<Block, "address">): Block => ({ ...size, address: take(capacity * bytesIn(size)) })
  const inputs = program.inputs.map((_, i) => (rowInputs.includes(i) ? table(ofInput(i)) : undefined))
  const outputs = lowered.outputs.map((v, k) => (k < carried.length ? undefined : table(ofValue(v))))
  refuseLarge(top + guard)
  const stood = (value: number): Block => ({ ...ofValue(value), address: start + layout.values.get(value)! })
  return {
    pages: Math.ceil((top + guard) / 65536),
    bytes: top - from,
    constants: computations.flatMap(({ op, attributes }, v) =>
      op === "constant" && layout.values.has(v) ? [{ block: stood(v), value: attributes["value"] as ArrayLike<number> }] : []
    ),
    data: program.inputs.map(({ data }, i) => {
      const value = lowered.inputs[i]
      return data === undefined || value === undefined || values.has(value) ? undefined : stood(value)
    }),
    state,
    slots,
    inputs,
    outputs,
    capacity
  }
}

/** Pushes the address of a byte of a value, in a function whose first parameters are the state that is now, the next one, and the run. */
export type Push = (f: FunctionBuilder, value: number, offset: number) => void

export const pushOf = (lowered: Lowered, { carried }: Moving, layout: Layout, { state, inputs, outputs }: Storage): Push => {
  const [now, next, run] = [0, 1, 2]
  type At = (f: FunctionBuilder, offset: number) => void
  const places = new Map<number, At>()
  const inState =
    (copy: number, { address }: Block): At =>
    (f, offset) =>
      f
        .get(copy)
        .i32(address + offset)
        .op("i32.add")
  const inTable =
    (block: Block): At =>
    (f, offset) =>
      pushRow(f, block, run, offset)
  for (const [value, address] of layout.values) places.set(value, (f, offset) => f.i32(start + address + offset))
  state.forEach((block, k) => {
    const value = lowered.inputs[carried[k]!]
    if (value !== undefined) places.set(value, inState(now, block))
    places.set(lowered.outputs[k]!, inState(next, block))
  })
  inputs.forEach((block, i) => {
    const value = lowered.inputs[i]
    if (block !== undefined && value !== undefined) places.set(value, inTable(block))
  })
  outputs.forEach((block, k) => {
    if (block !== undefined) places.set(lowered.outputs[k]!, inTable(block))
  })
  return (f, value, offset) => places.get(value)!(f, offset)
}

/** Pushes the address of the row of a table that local `run` tells. */
export const pushRow = (f: FunctionBuilder, block: Block, run: number, offset = 0): void =>
  void f
    .get(run)
    .i32(bytesIn(block))
    .op("i32.mul")
    .i32(block.address + offset)
    .op("i32.add")
