/**
 * Out of the body of a scan goes what does not depend on the carry: what depends on rows is computed for all of them at once, the rest once. What is
 * left is sequential.
 */
import { full } from "./bind.ts"
import { liveNodes } from "./live.ts"
import type { ScanAttributes } from "./primitive/scan.ts"
import { primitive } from "./primitive/table.ts"
import { emit, newRecorder, real, recorder, within } from "./recorder.ts"
import { replay } from "./replay.ts"
import { sizeOf } from "./shape.ts"
import type { Graph, Node } from "./types.ts"
import type { Axis, Value } from "./value.ts"

type Dependence = "nothing" | "rows" | "carry"

const most = (all: ReadonlyArray<Dependence>): Dependence => (all.includes("carry") ? "carry" : all.includes("rows") ? "rows" : "nothing")

/** What each node of a body changes with. Noise, which is drawn where it stands, changes with the carry. */
const dependences = ({ rows, body, ends }: ScanAttributes): ReadonlyArray<Dependence> => {
  const of: Array<Dependence> = []
  body.nodes.forEach(({ op, inputs }, id) => {
    const end = ends.indexOf(id)
    if (end >= 0) of.push(end === 0 ? "carry" : end <= rows ? "rows" : "nothing")
    else of.push(inputs.length === 0 || primitive(op).shared ? most(inputs.map((i) => of[i]!)) : "carry")
  })
  return of
}

/** What moves numbers costs nothing inside, where it may take less memory. */
const moves = new Set(["fill", "constant", "input", "reshape", "transpose", "broadcast", "slice"])

/** Of what is computed for every row, none is kept that is larger than so many carries. */
const largest = 4

interface Parts {
  /** Nodes to compute outside, for each row or once. */
  readonly each: ReadonlyArray<number>
  readonly once: ReadonlyArray<number>
  /** Inputs that the rest still reads. */
  readonly ends: ReadonlySet<number>
}

const partsOf = (attributes: ScanAttributes): Parts => {
  const { body, ends, next } = attributes
  const of = dependences(attributes)
  const room = largest * sizeOf(body.nodes[ends[0]!]!.shape)
  const read = new Set([ends[0]!, next])
  const parts = { each: new Array<number>(), once: new Array<number>(), ends: new Set<number>() }
  for (let id = body.nodes.length - 1; id >= 0; id--) {
    if (!read.has(id)) continue
    const { op, shape, inputs } = body.nodes[id]!
    if (ends.includes(id)) parts.ends.add(id)
    else if (of[id] === "carry" || moves.has(op) || (of[id] === "rows" && sizeOf(shape) > room)) for (const i of inputs) read.add(i)
    else (of[id] === "rows" ? parts.each : parts.once).push(id)
  }
  return parts
}

/** The same scan with a smaller body. `given` are its inputs. */
const smaller = (
  given: ReadonlyArray<number>,
  attributes: ScanAttributes,
  { each, once, ends: read }: Parts
): Pick<Node, "inputs" | "attributes"> => {
  const { length, rows, body, ends, next } = attributes
  const time: Axis = { name: "time", size: length, depth: -Infinity }
  const outside = ends.map((id, k): Value => {
    const { shape, dtype } = body.nodes[id]!
    return { recorder: recorder(), id: given[k]!, shape, axes: k > 0 && k <= rows ? [time] : [], dtype }
  })
  const moved = replay(body, [...each, ...once], new Map(ends.map((id, k) => [id, outside[k]!])))
  const kept = (from: number, to: number): ReadonlyArray<readonly [inside: number, outside: number]> =>
    ends.flatMap((id, k) => (k >= from && k < to && read.has(id) ? [[id, given[k]!] as const] : []))
  const all = [
    ...kept(0, rows + 1),
    ...each.map((id, k) => [id, full(moved[k]!, [time])] as const),
    ...kept(rows + 1, ends.length),
    ...once.map((id, k) => [id, moved[each.length + k]!.id] as const)
  ]
  const inner = newRecorder(undefined)
  return within(inner, () => {
    const inputs = all.map(([id]) => real(emit("input", [], { shape: body.nodes[id]!.shape }, body.nodes[id]!.dtype)))
    const [result] = replay(body, [next], new Map(all.map(([id], k) => [id, inputs[k]!])))
    return {
      inputs: all.map(([, id]) => id),
      attributes: {
        length,
        rows: kept(1, rows + 1).length + each.length,
        body: { nodes: inner.nodes },
        ends: inputs.map((v) => v.id),
        next: result!.id
      }
    }
  })
}

/** The graph with the scans that the outputs need made smaller, and where its nodes went. */
export const hoistScans = (
  graph: Graph,
  outputs: ReadonlyArray<number>
): { readonly graph: Graph; readonly mapped: ReadonlyMap<number, number> } | undefined => {
  const live = liveNodes(graph, outputs)
  const parts = new Map<number, Parts>()
  graph.nodes.forEach(({ op, attributes }, id) => {
    if (op !== "scan" || !live.has(id)) return
    const found = partsOf(attributes as ScanAttributes)
    if (found.each.length + found.once.length > 0) parts.set(id, found)
  })
  if (parts.size === 0) return undefined
  const r = newRecorder(undefined)
  const mapped = new Map<number, number>()
  within(r, () =>
    graph.nodes.forEach((node, id) => {
      if (!live.has(id)) return
      r.origin = node.origin
      const given = node.inputs.map((i) => mapped.get(i)!)
      const found = parts.get(id)
      const { inputs, attributes } =
        found === undefined ? { inputs: given, attributes: node.attributes } : smaller(given, node.attributes as ScanAttributes, found)
      mapped.set(id, emit(node.op, inputs, attributes, node.dtype))
    })
  )
  return { graph: { nodes: r.nodes }, mapped }
}
