/**
 * Recording: one recorder collects the nodes of one graph; equal nodes are shared as they are appended. While a function is traced its
 * recorder is the current one; the body of a scan has a recorder of its own, whose `outer` is the one around it.
 */
import { TraceError } from "../errors.ts"
import { primitive } from "./primitive/table.ts"
import { sameShape } from "./shape.ts"
import type { Attributes, DType, Graph, Node, ProgramInput } from "./types.ts"
import type { Value } from "./value.ts"

export interface Recorder extends Graph {
  readonly nodes: Array<Node>
  readonly outer: Recorder | undefined
  readonly inputs: Array<ProgramInput>
  readonly seen: Map<string, number>
  /** What the body of a scan uses from outside: its input here, and the value there. */
  readonly captured: Map<string, { readonly inside: Value; readonly outside: Value }>
  origin: string
}

let current: Recorder | undefined

export const isRecording = (): boolean => current !== undefined

export const recorder = (): Recorder => {
  if (current === undefined) {
    throw new TraceError({ operation: "record", reason: "a graph operation was used while nothing is being traced" })
  }
  return current
}

export const newRecorder = (outer: Recorder | undefined): Recorder => ({
  nodes: [],
  outer,
  inputs: [],
  seen: new Map(),
  captured: new Map(),
  origin: outer?.origin ?? ""
})

/** Runs `f` with `r` as the current recorder. */
export const within = <A>(r: Recorder, f: () => A): A => {
  const before = current
  current = r
  try {
    return f()
  } finally {
    current = before
  }
}

/** Numbers by what they are: −0 is not 0. */
const numberKey = (x: number): string => (Object.is(x, -0) ? "-0" : `${x}`)

/** Equal for equal numbers, strings, truths and lists of them; undefined for what has no key. */
const valueKey = (v: unknown): string | undefined => {
  if (typeof v === "number") return numberKey(v)
  if (typeof v === "string") return JSON.stringify(v)
  if (!Array.isArray(v)) return typeof v === "object" && v !== null ? undefined : String(v)
  let key = "["
  for (const x of v) {
    const part = typeof x === "number" ? numberKey(x) : valueKey(x)
    if (part === undefined) return undefined
    key += `${part},`
  }
  return `${key}]`
}

/** Equal for equal nodes; undefined where attributes are of a kind that is not compared. */
const keyOfNode = (op: string, inputs: ReadonlyArray<number>, attributes: Attributes, dtype: DType): string | undefined => {
  let key = `${op} ${dtype} ${inputs.join()}`
  for (const name in attributes) {
    const value = valueKey(attributes[name])
    if (value === undefined) return undefined
    key += ` ${name}=${value}`
  }
  return key
}

/** The node of this operation and dtype, if there is one. */
export const recorded = (op: string, inputs: ReadonlyArray<number>, attributes: Attributes, dtype: DType): number | undefined => {
  const key = keyOfNode(op, inputs, attributes, dtype)
  return key === undefined ? undefined : recorder().seen.get(key)
}

/** Appends a node; shapes and axes here are the real ones. */
export const emit = (op: string, inputs: ReadonlyArray<number>, attributes: Attributes = {}, dtype?: DType): number => {
  const r = recorder()
  const p = primitive(op)
  const shapes = inputs.map((i) => r.nodes[i]!.shape)
  const shape = p.shape(attributes, ...shapes)
  if ((op === "reshape" || op === "broadcast") && sameShape(shape, shapes[0]!)) return inputs[0]!
  if (op === "reshape" && r.nodes[inputs[0]!]!.op === "reshape") return emit(op, r.nodes[inputs[0]!]!.inputs, attributes, dtype)
  if (op === "transpose" && (attributes["permutation"] as ReadonlyArray<number>).every((p, i) => p === i)) return inputs[0]!
  const type = dtype ?? p.dtype(attributes, ...inputs.map((i) => r.nodes[i]!.dtype))
  const key = p.shared ? keyOfNode(op, inputs, attributes, type) : undefined
  const hit = key === undefined ? undefined : r.seen.get(key)
  if (hit !== undefined) return hit
  const id = r.nodes.push({ op, inputs, attributes, shape, dtype: type, origin: r.origin }) - 1
  if (key !== undefined) r.seen.set(key, id)
  return id
}

/** A node with nothing hidden. */
export const real = (id: number): Value => {
  const r = recorder()
  return { recorder: r, id, shape: r.nodes[id]!.shape, axes: [], dtype: r.nodes[id]!.dtype }
}
