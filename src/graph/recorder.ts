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

/** JSON writes NaN, both infinities and −0 like something else. */
const exact = (_: string, v: unknown): unknown => (typeof v === "number" ? (Object.is(v, -0) ? "-0" : String(v)) : v)

const isPlain = (v: unknown): boolean => typeof v !== "object" || v === null || Array.isArray(v)

const keyOfNode = (op: string, inputs: ReadonlyArray<number>, attributes: Attributes, dtype: DType): string =>
  `${op}(${inputs.join()})${JSON.stringify(attributes, exact)}${dtype}`

/** The node of this operation and dtype, if there is one. */
export const recorded = (op: string, inputs: ReadonlyArray<number>, attributes: Attributes, dtype: DType): number | undefined =>
  recorder().seen.get(keyOfNode(op, inputs, attributes, dtype))

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
  const shared = p.shared && Object.values(attributes).every(isPlain)
  const key = shared ? keyOfNode(op, inputs, attributes, type) : undefined
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
