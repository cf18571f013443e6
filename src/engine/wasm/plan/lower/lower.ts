/** From a graph to computations: movement becomes views, and what a kernel wants dense is made dense. */
import { EngineError } from "../../../../errors.ts"
import { liveNodes } from "../../../../graph/live.ts"
import { range, sizeOf } from "../../../../graph/shape.ts"
import { simplifyGraph } from "../../../../graph/simplify.ts"
import type { DType, Graph, Node } from "../../../../graph/types.ts"
import type { Computation, Lowered, Operand } from "../computation.ts"
import { isFill } from "../computation.ts"
import { liveComputations } from "../live.ts"
import type { View } from "../view.ts"
import { broadcastView, inverse, isDense, transposeView, whole } from "../view.ts"
import { castNumber } from "./elementwise.ts"
import type { Feed, Lowering } from "./lowering.ts"
import { inBody, inPieces, once } from "./pieces.ts"
import { ruleOf } from "./rules.ts"

export type Precision = "float32" | "float64"

/** What stands where it is to stay. */
const kept = ["input", "constant", "scan"]

/** How the inputs of a body are fed, and the order in which its result stands. */
interface Form {
  readonly feeds: ReadonlyArray<Feed>
  readonly order: ReadonlyArray<number>
}

/** Lowers what the outputs need. `inputs` are nodes whose values come from outside. */
export const lower = (
  source: Graph,
  wanted: ReadonlyArray<number>,
  inputs: ReadonlyArray<number>,
  precision: Precision,
  form?: Form
): Lowered => {
  const { graph, mapped } = simplifyGraph(source, wanted)
  const outputs = wanted.map((o) => mapped.get(o)!)
  const live = liveNodes(graph, outputs)
  const list: Array<Computation> = []
  const operandOf = new Map<number, Operand>()
  const made = new Map<string, View>()
  let origin = ""
  const realised = (dtype: DType): DType => (dtype === "f32" && precision === "float64" ? "f64" : dtype)
  const emit: Lowering["emit"] = (c) => whole(list.push({ ...c, origin }) - 1, c.shape)
  const dtypeOf = (o: Operand): DType => (isFill(o) ? o.dtype : list[o.value]!.dtype)
  const dense: Lowering["dense"] = (o, shape, dtype) => {
    if (!isFill(o) && dtypeOf(o) === dtype && isDense(o)) return o
    const key = `${JSON.stringify(isFill(o) ? String(o.fill) : o)}[${shape}]${dtype}`
    const known = made.get(key)
    if (known !== undefined) return known
    const op = dtypeOf(o) === dtype ? "copy" : "cast"
    const v = emit({ op, operands: [isFill(o) ? o : broadcastView(o, shape)], attributes: {}, shape, dtype })
    made.set(key, v)
    return v
  }
  const lowering: Lowering = {
    emit,
    dtypeOf,
    dense,
    realised,
    computation: (value) => list[value]!,
    nested: (body, next, ends, feeds, order) => lower(body, [next], ends, precision, { feeds, order }),
    rectified: new Map(),
    ...(form === undefined ? once : inBody),
    firsts: new Map()
  }

  const feedOf = new Map(inputs.map((id, k) => [mapped.get(id), form?.feeds[k]] as const))
  const fed = new Map<number, ReadonlyArray<number>>()
  const input = (id: number, { attributes, shape }: Node, dtype: DType): View => {
    const { orders } = feedOf.get(id) ?? { orders: [range(shape.length)] }
    const given = orders.length === 1 ? shape : shape.with(-1, 1)
    const views = orders.map((order) => {
      const v = emit({ op: "input", operands: [], attributes, shape: order.map((d) => given[d]!), dtype })
      return transposeView(v, inverse(order))
    })
    fed.set(
      id,
      views.map((v) => v.value)
    )
    return views.length === 1 ? views[0]! : inPieces(views, { shape, dtype }, lowering)
  }

  const lowered = (node: Node, id: number): Operand => {
    const { op, attributes, shape } = node
    const dtype = realised(node.dtype)
    if (op === "fill") return { fill: castNumber(attributes["value"] as number, dtype), dtype }
    if (op === "input") return input(id, node, dtype)
    if (op === "constant") return emit({ op, operands: [], attributes, shape, dtype })
    if (sizeOf(shape) === 0) return { fill: 0, dtype }
    const rule = ruleOf(op)
    if (rule === undefined) throw new EngineError({ engine: "wasm", operation: "compile", reason: `there is no kernel for ${op}` })
    const operands = node.inputs.map((i) => operandOf.get(i)!)
    const shapes = node.inputs.map((i) => graph.nodes[i]!.shape)
    return rule({ op, attributes, operands, shapes, shape, dtype }, lowering)
  }
  graph.nodes.forEach((node, id) => {
    if (!live.has(id)) return
    origin = node.origin
    operandOf.set(id, lowered(node, id))
  })

  /** A result has a value of its own, of nothing but its elements. */
  const given = new Set<number>()
  const resultOf = (id: number): number => {
    const { shape, dtype } = graph.nodes[id]!
    const order = form?.order ?? range(shape.length)
    const plain = operandOf.get(id)!
    const read = sizeOf(shape) === 0 ? { fill: 0, dtype: realised(dtype) } : plain
    const o = isFill(read) ? read : transposeView(broadcastView(read, shape), order)
    if (!isFill(o) && o.offset === 0 && isDense(o)) {
      const c = list[o.value]!
      if (sizeOf(c.shape) === sizeOf(shape) && !kept.includes(c.op) && !given.has(o.value)) {
        given.add(o.value)
        return o.value
      }
    }
    return emit({ op: "copy", operands: [o], attributes: {}, shape: order.map((d) => shape[d]!), dtype: realised(dtype) }).value
  }
  const results = outputs.map(resultOf)
  const inputOf = inputs.flatMap(
    (i, k): ReadonlyArray<number | undefined> => fed.get(mapped.get(i) ?? -1) ?? (form?.feeds[k]?.orders ?? [0]).map(() => undefined)
  )
  return liveComputations({ computations: list, inputs: inputOf, outputs: results })
}
