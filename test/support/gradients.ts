/** Values and gradients of traced functions, beside differences of the same function. */
import type * as tf from "@tensorflow/tfjs-core"
import { contextOf, prepare } from "../../src/graph/interpret.ts"
import { liveNodes } from "../../src/graph/live.ts"
import type { Graph, NDArray, Program, TypedArray } from "../../src/graph/types.ts"
import { gradient, placeholder, programOf, trace } from "../../src/trace/trace.ts"
import { differences, worstError } from "./differences.ts"

export interface Differentiated {
  /** Outputs: the scalar, then its gradients. */
  readonly program: Program
  readonly value: number
  readonly gradients: ReadonlyArray<Float64Array>
  /** Worst error of the gradients against central differences. */
  readonly error: () => number
}

/** Inputs of the program by name; `key` for its noise. */
export const feedOf = (program: Program, values: Readonly<Record<string, ArrayLike<number>>>): ReadonlyMap<number, TypedArray> =>
  new Map(
    program.inputs.map(({ node, name, data }) => {
      const given = values[name] ?? (name === "key" ? [1, 2, 0] : data)
      if (given === undefined) throw new Error(`no value for input "${name}"`)
      return [node, program.graph.nodes[node]!.dtype === "u32" ? Uint32Array.from(given) : Float64Array.from(given)] as const
    })
  )

const named = (inputs: ReadonlyArray<NDArray>): Readonly<Record<string, ArrayLike<number>>> =>
  Object.fromEntries(inputs.map((x, i) => [`input ${i}`, x.data]))

/** Traces the scalar `f` of `inputs`, differentiates it and runs both in float64. */
export const differentiate = (f: (...inputs: ReadonlyArray<tf.Tensor>) => tf.Tensor, inputs: ReadonlyArray<NDArray>): Differentiated => {
  const { result: program } = trace(() => {
    const tensors = inputs.map((x, i) => placeholder(`input ${i}`, x.shape))
    const y = f(...tensors)
    return programOf([y, ...gradient(y, tensors)])
  })
  const feed = feedOf(program, named(inputs))
  const [value, ...gradients] = prepare(program.graph, program.outputs, contextOf("float64"))
    .run(feed)
    .map((v) => Float64Array.from(v))
  const objective = prepare(program.graph, program.outputs.slice(0, 1), contextOf("float64"))
  return {
    program,
    value: value![0]!,
    gradients,
    error: () =>
      Math.max(
        ...gradients.map((g, i) => {
          const x = feed.get(program.inputs.find((p) => p.name === `input ${i}`)!.node) as Float64Array
          return worstError(
            g,
            differences(() => objective.run(feed)[0]![0]!, x)
          )
        })
      )
  }
}

/** The matrix products that `outputs` need, as "[M,K]x[K,N]", transposes undone. */
export const dotsOf = (graph: Graph, outputs: ReadonlyArray<number>): ReadonlyArray<string> =>
  [...liveNodes(graph, outputs)].flatMap((id) => {
    const node = graph.nodes[id]!
    if (node.op !== "dot") return []
    const flags = [node.attributes["transposeA"], node.attributes["transposeB"]]
    return [
      node.inputs
        .map((i, k) => {
          const s = graph.nodes[i]!.shape
          return `[${flags[k] === true ? [...s.slice(0, -2), s.at(-1), s.at(-2)] : s}]`
        })
        .join("x")
    ]
  })
