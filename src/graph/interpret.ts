/** Evaluation of a graph by the primitives' own kernels: plain loops, a node at a time. */
import { EngineError } from "../errors.ts"
import { liveNodes } from "./live.ts"
import type { Kernel, KernelContext, PreparedGraph } from "./primitive/primitive.ts"
import { primitive } from "./primitive/table.ts"
import { sizeOf } from "./shape.ts"
import type { DType, Graph, Node, TypedArray } from "./types.ts"

/** `float64` computes every real number in double precision; `own` rounds each node to its dtype. */
export type Precision = "float64" | "own"

/** A graph whose buffers are together larger than this is refused, before the machine runs out of memory. */
const largest = 8 * 2 ** 30

const arrayOf = (precision: Precision, dtype: DType): { new (length: number): TypedArray; readonly BYTES_PER_ELEMENT: number } => {
  switch (dtype) {
    case "f32":
      return precision === "own" ? Float32Array : Float64Array
    case "f64":
      return Float64Array
    case "i32":
      return Int32Array
    case "u32":
      return Uint32Array
    case "bool":
      return Uint8Array
  }
}

const allocator = (precision: Precision) => {
  let bytes = 0
  return (dtype: DType, length: number): TypedArray => {
    const Typed = arrayOf(precision, dtype)
    bytes += length * Typed.BYTES_PER_ELEMENT
    if (bytes > largest) {
      throw new EngineError({
        engine: "reference",
        operation: "compile",
        reason: `the program needs more than ${largest / 2 ** 30} GiB of memory at once`,
        remedy: "Take the rows of a large plate in minibatches (`subsample`), or fewer draws a step."
      })
    }
    return new Typed(length)
  }
}

/** What can be said of a node once its value is known: used to find where a number first went wrong. */
export type Inspect = (node: Node, id: number, value: TypedArray) => void

interface Step {
  readonly id: number
  readonly kernel: Kernel
  readonly inputs: ReadonlyArray<number>
}

/** A pool of buffers that are not in use at some point of a run. */
const poolOf = (context: KernelContext) => {
  const free = new Map<string, Array<TypedArray>>()
  const key = (dtype: DType, length: number): string => `${dtype} ${length}`
  return {
    take: (dtype: DType, length: number): TypedArray => free.get(key(dtype, length))?.pop() ?? context.allocate(dtype, length),
    give: (dtype: DType, buffer: TypedArray): void => {
      const k = key(dtype, buffer.length)
      const list = free.get(k)
      if (list === undefined) free.set(k, [buffer])
      else list.push(buffer)
    }
  }
}

/**
 * A graph made ready to run: kernels prepared, nodes in order, buffers allocated once. A buffer is used again once no later step reads it;
 * a reshaped value is in the same buffer.
 */
export const prepare = (graph: Graph, outputs: ReadonlyArray<number>, context: KernelContext, inspect?: Inspect): PreparedGraph => {
  const live = [...liveNodes(graph, outputs)].sort((a, b) => a - b)
  const source: Array<number> = []
  const inputs: Array<number> = []
  const constants: Array<Step> = []
  const steps: Array<Step> = []
  for (const id of live) {
    const node = graph.nodes[id]!
    source[id] = node.op === "reshape" ? source[node.inputs[0]!]! : id
    if (node.op === "input") inputs.push(id)
    else if (node.op !== "reshape") {
      const kernel = primitive(node.op).kernel(
        node,
        node.inputs.map((i) => graph.nodes[i]!.shape),
        context
      )
      const step = { id, kernel, inputs: node.inputs.map((i) => source[i]!) }
      ;(node.inputs.length === 0 ? constants : steps).push(step)
    }
  }

  const buffers: Array<TypedArray> = []
  for (const { id, kernel } of constants) {
    const node = graph.nodes[id]!
    buffers[id] = context.allocate(node.dtype, sizeOf(node.shape))
    kernel([], buffers[id]!)
  }
  const lastRead = new Map<number, number>()
  steps.forEach((step, at) => step.inputs.forEach((i) => lastRead.set(i, at)))
  for (const o of outputs) lastRead.set(source[o]!, steps.length)
  const pool = poolOf(context)
  const computed = new Set<number>()
  steps.forEach((step, at) => {
    const { dtype, shape } = graph.nodes[step.id]!
    buffers[step.id] = pool.take(dtype, sizeOf(shape))
    computed.add(step.id)
    for (const i of new Set(step.inputs)) if (lastRead.get(i) === at && computed.has(i)) pool.give(graph.nodes[i]!.dtype, buffers[i]!)
  })

  const gathered = steps.map((s) => new Array<TypedArray>(s.inputs.length))
  return {
    run: (values) => {
      for (const id of inputs) buffers[id] = given(graph.nodes[id]!, values.get(id))
      for (let s = 0; s < steps.length; s++) {
        const { id, kernel, inputs: from } = steps[s]!
        const operands = gathered[s]!
        for (let k = 0; k < from.length; k++) operands[k] = buffers[from[k]!]!
        kernel(operands, buffers[id]!)
        inspect?.(graph.nodes[id]!, id, buffers[id]!)
      }
      return outputs.map((o) => buffers[source[o]!]!)
    }
  }
}

const given = (node: Node, value: TypedArray | undefined): TypedArray => {
  const name = `input "${String(node.attributes["name"])}"`
  const fail = (reason: string): never => {
    throw new EngineError({ engine: "reference", operation: "run", reason })
  }
  if (value === undefined) return fail(`no value was given for ${name}`)
  const size = sizeOf(node.shape)
  return value.length === size
    ? value
    : fail(`${name} has ${size} elements (shape [${node.shape.join(", ")}]), but ${value.length} were given`)
}

export const contextOf = (precision: Precision, inspect?: Inspect): KernelContext => {
  const context: KernelContext = {
    allocate: allocator(precision),
    prepare: (graph, outputs) => prepare(graph, outputs, context, inspect)
  }
  return context
}
