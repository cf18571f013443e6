/**
 * Simplification: dead nodes go, equal nodes are one, what does not depend on an input is computed once, and arithmetic with 0 and 1 that
 * is exact whatever the operand goes too (x · 1, x + 0, x / 1, −(−x)), and slices of one part of a concatenation. What is computed at guarded operands is taken from where it is computed at
 * the operands themselves. Out of the body of a scan goes what does not depend on the carry.
 */
import { hoistScans } from "./hoist.ts"
import { contextOf, prepare } from "./interpret.ts"
import { liveNodes } from "./live.ts"
import { elementwiseBinary, elementwiseUnary } from "./primitive/elementwise.ts"
import { emit, newRecorder, recorded, within } from "./recorder.ts"
import { sameShape, sizeOf } from "./shape.ts"
import type { Graph, Node, Program } from "./types.ts"

/** Constants larger than this stay an expression: a broadcast is cheaper than its bytes. */
const largestFold = 4096

const isFill = (node: Node, value: number): boolean => node.op === "fill" && node.attributes["value"] === value

/** A slice of what is concatenated, as one of the part that it lies in. */
const partOf = (nodes: ReadonlyArray<Node>, id: number): number => {
  const { inputs, attributes, shape, dtype } = nodes[id]!
  const whole = nodes[inputs[0]!]!
  const [begin, stride] = [attributes["begin"], attributes["stride"]] as [ReadonlyArray<number>, ReadonlyArray<number>]
  if (whole.op !== "concat" || stride.some((s) => s !== 1)) return id
  const axis = whole.attributes["axis"] as number
  let from = begin[axis]!
  for (const part of whole.inputs) {
    const length = nodes[part]!.shape[axis]!
    if (from < length) {
      if (from + shape[axis]! > length) return id
      const inside = { begin: begin.map((b, k) => (k === axis ? from : b)), size: shape, stride }
      return sameShape(nodes[part]!.shape, shape) ? part : emit("slice", [part], inside, dtype)
    }
    from -= length
  }
  return id
}

/** The node that `id` is the same as, by algebra. */
const reduced = (nodes: ReadonlyArray<Node>, id: number): number => {
  const node = nodes[id]!
  const [a, b] = node.inputs
  const same = (i: number | undefined): i is number =>
    i !== undefined && sameShape(nodes[i]!.shape, node.shape) && nodes[i]!.dtype === node.dtype
  const is = (i: number | undefined, value: number): boolean => i !== undefined && isFill(nodes[i]!, value)
  if (node.op === "mul" && same(a) && is(b, 1)) return a
  if (node.op === "mul" && same(b) && is(a, 1)) return b
  if (node.op === "div" && same(a) && is(b, 1)) return a
  if (node.op === "add" && same(a) && is(b, 0)) return a
  if (node.op === "add" && same(b) && is(a, 0)) return b
  if (node.op === "sub" && same(a) && is(b, 0)) return a
  if (node.op === "neg" && nodes[a!]!.op === "neg") return nodes[a!]!.inputs[0]!
  if (node.op === "stopGradient") return a!
  if (node.op === "withGradientOf" && same(a)) return a
  if (node.op === "slice") return partOf(nodes, id)
  return id
}

/** The value of a node all of whose inputs are constants. */
const folded = (nodes: ReadonlyArray<Node>, id: number): number => {
  const node = nodes[id]!
  const constant = (i: number): boolean => nodes[i]!.op === "fill" || nodes[i]!.op === "constant"
  if (node.inputs.length === 0 || node.op === "scan" || !node.inputs.every(constant) || sizeOf(node.shape) > largestFold) return id
  const [value] = prepare({ nodes }, [id], contextOf("float64")).run(new Map())
  const first = value![0]
  return value!.length > 0 && value!.every((x) => Object.is(x, first))
    ? emit("fill", [], { value: first, shape: node.shape }, node.dtype)
    : emit("constant", [], { shape: node.shape, value: Float64Array.from(value!) }, node.dtype)
}

/** Functions that compute most of another on the way. */
const companions: Readonly<Record<string, string>> = { sigmoid: "softplus" }

/**
 * f(select(m, c, x)) = select(m, f(c), f(x)), where f(x) is there already: the derivative of a guarded branch is of the values that went forward. The
 * same for several operands under one mask.
 */
const unguarded = (nodes: ReadonlyArray<Node>, id: number): number => {
  const { op, inputs, attributes, dtype } = nodes[id]!
  if (!(op in elementwiseUnary || op in elementwiseBinary)) return id
  const selects = inputs.map((i) => nodes[i]!)
  const [mask] = selects[0]?.inputs ?? []
  if (
    !selects.every(
      (n) => n.op === "select" && n.inputs[0] === mask && nodes[n.inputs[1]!]!.op === "fill" && n.dtype === nodes[n.inputs[2]!]!.dtype
    )
  )
    return id
  const open = selects.map((n) => n.inputs[2]!)
  const known = [op, companions[op]].some((f) => f !== undefined && recorded(f, open, attributes, dtype) !== undefined)
  if (mask === undefined || !known) return id
  const harmless = emit(
    op,
    selects.map((n) => n.inputs[1]!),
    attributes,
    dtype
  )
  return emit("select", [mask, folded(nodes, harmless), emit(op, open, attributes, dtype)], {}, dtype)
}

export const simplifyGraph = (
  graph: Graph,
  outputs: ReadonlyArray<number>
): { readonly graph: Graph; readonly mapped: ReadonlyMap<number, number> } => {
  const hoisted = hoistScans(graph, outputs)
  if (hoisted === undefined) return simplifyNodes(graph, outputs)
  const rest = simplifyNodes(
    hoisted.graph,
    outputs.map((o) => hoisted.mapped.get(o)!)
  )
  return { graph: rest.graph, mapped: new Map([...hoisted.mapped].map(([id, at]) => [id, rest.mapped.get(at)!])) }
}

const simplifyNodes: typeof simplifyGraph = (graph, outputs) => {
  const live = liveNodes(graph, outputs)
  const r = newRecorder(undefined)
  const mapped = new Map<number, number>()
  within(r, () => {
    graph.nodes.forEach((node, id) => {
      if (!live.has(id)) return
      r.origin = node.origin
      const made = emit(
        node.op,
        node.inputs.map((i) => mapped.get(i)!),
        node.attributes,
        node.dtype
      )
      mapped.set(id, unguarded(r.nodes, folded(r.nodes, reduced(r.nodes, made))))
    })
  })
  return { graph: { nodes: r.nodes }, mapped }
}

export const simplify = (program: Program): Program => {
  const first = simplifyGraph(program.graph, program.outputs)
  const outputs = program.outputs.map((o) => first.mapped.get(o)!)
  const second = simplifyGraph(first.graph, outputs)
  return {
    graph: second.graph,
    inputs: program.inputs.flatMap((i) => {
      const node = second.mapped.get(first.mapped.get(i.node) ?? -1)
      return node === undefined ? [] : [{ ...i, node }]
    }),
    outputs: outputs.map((o) => second.mapped.get(o)!)
  }
}
