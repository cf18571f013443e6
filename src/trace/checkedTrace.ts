/** Tracing twice: what a model takes from outside itself would be frozen into the graph, and differs from one recording to the next. */
import { TraceError } from "../errors.ts"
import type { Recorder } from "../graph/recorder.ts"
import { sameShape } from "../graph/shape.ts"
import type { Graph, Node } from "../graph/types.ts"
import type { Traced } from "./trace.ts"
import { trace } from "./trace.ts"

const isGraph = (x: unknown): x is Graph => typeof x === "object" && x !== null && "nodes" in x

const sameList = (a: ArrayLike<unknown>, b: ArrayLike<unknown>): boolean => {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (!same(a[i], b[i])) return false
  return true
}

const same = (a: unknown, b: unknown): boolean => {
  if (Object.is(a, b)) return true
  if (Array.isArray(a) || ArrayBuffer.isView(a)) return sameList(a as ArrayLike<unknown>, b as ArrayLike<unknown>)
  return isGraph(a) && isGraph(b) && firstDifference(a, b) === undefined
}

const sameNode = (a: Node, b: Node): boolean =>
  a.op === b.op &&
  a.dtype === b.dtype &&
  sameShape(a.shape, b.shape) &&
  sameList(a.inputs, b.inputs) &&
  Object.keys(a.attributes).every((k) => same(a.attributes[k], b.attributes[k]))

/** The first node of one graph that the other does not have in its place. */
const firstDifference = (a: Graph, b: Graph): Node | undefined => {
  const n = Math.max(a.nodes.length, b.nodes.length)
  for (let i = 0; i < n; i++) {
    const [x, y] = [a.nodes[i], b.nodes[i]]
    if (x === undefined || y === undefined || !sameNode(x, y)) return x ?? y
  }
  return undefined
}

const differingInput = (a: Recorder, b: Recorder): Node | undefined => {
  const at = a.inputs.findIndex((input, i) => !sameList(input.data ?? [], b.inputs[i]?.data ?? []))
  return at < 0 ? undefined : a.nodes[a.inputs[at]!.node]
}

/** Records `f` twice and compares: a TraceError where it does not record the same both times. */
export const checkedTrace = <A>(f: () => A): Traced<A> => {
  const first = trace(f)
  const second = trace(f)
  const node = firstDifference(first.recorder, second.recorder) ?? differingInput(first.recorder, second.recorder)
  if (node === undefined) return first
  throw new TraceError({
    operation: node.origin === "" ? node.op : `${node.origin} (${node.op})`,
    reason: "it was recorded twice and was not the same: it depends on randomness or on state outside the model",
    remedy: "Draw randomness with a sample site, and pass what changes (a step count, a learning rate) as an argument."
  })
}
