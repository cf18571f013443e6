/** A graph replayed in tfjs operations. */
import * as tf from "@tensorflow/tfjs-core"
import { EngineError } from "../../errors.ts"
import { contextOf } from "../../graph/interpret.ts"
import { liveNodes } from "../../graph/live.ts"
import { primitive } from "../../graph/primitive/table.ts"
import { sizeOf } from "../../graph/shape.ts"
import type { Graph, Node, TypedArray } from "../../graph/types.ts"
import { dtypeOf, operations } from "./operations.ts"

/** A host array as a tensor of the node's shape and dtype; always a copy. */
const upload = (data: TypedArray, node: Node): tf.Tensor => {
  const dtype = dtypeOf(node.dtype)!
  const copy = dtype === "float32" ? Float32Array.from(data) : dtype === "int32" ? Int32Array.from(data) : Uint8Array.from(data)
  return tf.tensor(copy, [...node.shape], dtype)
}

/** The reference kernel of a node, for what tfjs can't express: computed on the host, and uploaded. */
const onHost = (graph: Graph, node: Node): ((inputs: ReadonlyArray<TypedArray>) => tf.Tensor) => {
  const context = contextOf("own")
  const kernel = primitive(node.op).kernel(
    node,
    node.inputs.map((i) => graph.nodes[i]!.shape),
    context
  )
  const out = context.allocate(node.dtype, sizeOf(node.shape))
  return (inputs) => {
    kernel(inputs, out)
    return upload(out, node)
  }
}

interface Step {
  readonly id: number
  readonly inputs: ReadonlyArray<number>
  readonly compute: (inputs: ReadonlyArray<tf.Tensor>, host: ReadonlyMap<number, TypedArray>) => tf.Tensor
  /** Inputs that no later step reads. */
  readonly last: ReadonlyArray<number>
}

export interface Replay {
  /** The tensors of the outputs, which the caller disposes. Call it on the backend. */
  readonly run: (inputs: ReadonlyMap<number, TypedArray>) => Array<tf.Tensor>
  readonly dispose: () => void
}

const refuse = (engine: string, node: Node): void => {
  if (dtypeOf(node.dtype) === undefined && node.op !== "input") {
    throw new EngineError({
      engine,
      operation: node.op,
      reason: `tfjs has no unsigned integers${node.origin === "" ? "" : ` (in ${node.origin})`}`,
      remedy: "Use the reference engine."
    })
  }
}

/** Prepares a graph; its constants are uploaded once. Call it on the backend. */
export const prepareReplay = (engine: string, graph: Graph, outputs: ReadonlyArray<number>): Replay => {
  const live = [...liveNodes(graph, outputs)].sort((a, b) => a - b)
  const lastRead = new Map<number, number>()
  for (const id of live) for (const i of graph.nodes[id]!.inputs) lastRead.set(i, id)
  for (const id of outputs) lastRead.set(id, Infinity)
  const constants = new Map<number, tf.Tensor>()
  const inputs = live.filter((id) => graph.nodes[id]!.op === "input")
  const steps: Array<Step> = []
  for (const id of live) {
    const node = graph.nodes[id]!
    refuse(engine, node)
    if (node.op === "input") continue
    if (node.inputs.length === 0) {
      constants.set(id, tf.keep(onHost(graph, node)([])))
      continue
    }
    const operation = operations[node.op]
    const last = [...new Set(node.inputs)].filter((i) => lastRead.get(i) === id && graph.nodes[i]!.inputs.length > 0)
    if (operation !== undefined) steps.push({ id, inputs: node.inputs, last, compute: (xs) => operation(xs, node) })
    else {
      const compute = onHost(graph, node)
      const key = node.inputs[0]!
      steps.push(
        node.op === "uniform"
          ? { id, inputs: [], last: [], compute: (_, host) => compute([host.get(key)!]) }
          : { id, inputs: node.inputs, last, compute: (xs) => compute(xs.map((x) => x.dataSync() as TypedArray)) }
      )
    }
  }

  return {
    run: (host) => {
      const tensors = new Map(constants)
      for (const id of inputs) {
        const node = graph.nodes[id]!
        if (dtypeOf(node.dtype) !== undefined) tensors.set(id, upload(host.get(id)!, node))
      }
      for (const { id, inputs: from, compute, last } of steps) {
        const xs = from.map((i) => tensors.get(i)!)
        tensors.set(
          id,
          tf.tidy(() => asNew(compute(xs, host), xs))
        )
        for (const i of last) {
          tensors.get(i)!.dispose()
          tensors.delete(i)
        }
      }
      return outputs.map((o) => tf.keep(tf.clone(tensors.get(o)!)))
    },
    dispose: () => {
      for (const t of constants.values()) t.dispose()
    }
  }
}

/** Some operations give back their input where there is nothing to do. */
const asNew = (result: tf.Tensor, inputs: ReadonlyArray<tf.Tensor>): tf.Tensor => (inputs.includes(result) ? tf.clone(result) : result)
