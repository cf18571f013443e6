/** Evaluation of a graph by the primitives' own kernels: plain loops, a node at a time. */
import { EngineError } from "../errors.ts"
import { liveNodes } from "./live.ts"
import type { Kernel, KernelContext, PreparedGraph } from "./primitive/primitive.ts"
import { primitive } from "./primitive/table.ts"
import { sizeOf } from "./shape.ts"
import type { DType, Graph, Node, TypedArray } from "./types.ts"

/** `float64` computes every real number in double precision; `own` rounds each node to its dtype. */
export type Precision = "float64" | "own"

const allocator =
  (precision: Precision) =>
  (dtype: DType, length: number): TypedArray => {
    switch (dtype) {
      case "f32":
        return precision === "own" ? new Float32Array(length) : new Float64Array(length)
      case "f64":
        return new Float64Array(length)
      case "i32":
        return new Int32Array(length)
      case "u32":
        return new Uint32Array(length)
      case "bool":
        return new Uint8Array(length)
    }
  }

/** What can be said of a node once its value is known: used to find where a number first went wrong. */
export type Inspect = (node: Node, id: number, value: TypedArray) => void

/** A graph made ready to run: buffers allocated once, kernels prepared, nodes in order. */
export const prepare = (graph: Graph, outputs: ReadonlyArray<number>, context: KernelContext, inspect?: Inspect): PreparedGraph => {
  const live = [...liveNodes(graph, outputs)].sort((a, b) => a - b)
  const buffers: Array<TypedArray> = []
  const steps: Array<{ readonly id: number; readonly kernel: Kernel; readonly inputs: ReadonlyArray<number> }> = []
  const constants: Array<{ readonly id: number; readonly kernel: Kernel }> = []
  const inputs: Array<number> = []
  for (const id of live) {
    const node = graph.nodes[id]!
    if (node.op === "input") {
      inputs.push(id)
      continue
    }
    const kernel = primitive(node.op).kernel(node, node.inputs.map((i) => graph.nodes[i]!.shape), context)
    if (node.op === "reshape" && graph.nodes[node.inputs[0]!]!.op !== "input") {
      buffers[id] = buffers[node.inputs[0]!]!
      continue
    }
    buffers[id] = context.allocate(node.dtype, sizeOf(node.shape))
    if (node.inputs.length === 0) constants.push({ id, kernel })
    else steps.push({ id, kernel, inputs: node.inputs })
  }
  for (const { id, kernel } of constants) kernel([], buffers[id]!)
  const gathered = steps.map((s) => new Array<TypedArray>(s.inputs.length))
  return {
    run: (values) => {
      for (const id of inputs) {
        const value = values.get(id)
        const node = graph.nodes[id]!
        if (value === undefined) {
          throw new EngineError({ engine: "reference", operation: "run", reason: `no value was given for input "${String(node.attributes["name"])}"` })
        }
        if (value.length !== sizeOf(node.shape)) {
          throw new EngineError({
            engine: "reference",
            operation: "run",
            reason: `input "${String(node.attributes["name"])}" has ${sizeOf(node.shape)} elements (shape [${node.shape.join(", ")}]), but ${value.length} were given`
          })
        }
        buffers[id] = value
      }
      for (let s = 0; s < steps.length; s++) {
        const { id, kernel, inputs: from } = steps[s]!
        const arguments_ = gathered[s]!
        for (let k = 0; k < from.length; k++) arguments_[k] = buffers[from[k]!]!
        kernel(arguments_, buffers[id]!)
        inspect?.(graph.nodes[id]!, id, buffers[id]!)
      }
      return outputs.map((o) => buffers[o]!)
    }
  }
}

export const contextOf = (precision: Precision, inspect?: Inspect): KernelContext => {
  const context: KernelContext = {
    allocate: allocator(precision),
    prepare: (graph, outputs) => prepare(graph, outputs, context, inspect)
  }
  return context
}

