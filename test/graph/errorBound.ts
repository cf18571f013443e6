/** How far rounding can move a result: first-order error analysis by reverse mode. */
import { add, apply, mul, select, sum } from "../../src/graph/bind.ts"
import { grad } from "../../src/graph/grad.ts"
import { contextOf, prepare } from "../../src/graph/interpret.ts"
import { liveNodes } from "../../src/graph/live.ts"
import { newRecorder, real, within } from "../../src/graph/recorder.ts"
import { replay } from "../../src/graph/replay.ts"
import { range, sizeOf } from "../../src/graph/shape.ts"
import type { DType, Graph, TypedArray } from "../../src/graph/types.ts"

const isFloat = (dtype: string): boolean => dtype === "f32" || dtype === "f64"

/**
 * Σ |∂y/∂v| |v| over all intermediate values v, where y is the sum of the scalar `output`: times the unit roundoff and the number of
 * roundings within an operation this bounds the error of y. With the `roundoff` of each dtype it is Σ |∂y/∂v| |v| roundoff.
 */
export const conditionOf = (
  graph: Graph,
  output: number,
  inputs: ReadonlyMap<number, TypedArray>,
  roundoff: (dtype: DType) => number = () => 1
): number => {
  const live = [...liveNodes(graph, [output])].filter((id) => isFloat(graph.nodes[id]!.dtype))
  const r = newRecorder(undefined)
  const total = within(r, () => {
    const copied = new Map(
      [...inputs.keys()].map((id) => {
        const { attributes, shape, dtype } = graph.nodes[id]!
        const at = r.nodes.push({ op: "input", inputs: [], attributes, shape, dtype, origin: "" }) - 1
        return [id, real(at)] as const
      })
    )
    const values = replay(graph, live, copied)
    const y = values[live.indexOf(output)]!
    const adjoints = grad(y, values)
    const weighed = values.map((v, i) =>
      mul(sum(select(apply("equal", adjoints[i]!, 0), 0, apply("abs", mul(adjoints[i]!, v))), range(v.shape.length)), roundoff(v.dtype))
    )
    return { ids: copied, sum: weighed.reduce((a, b) => add(a, b)) }
  })
  const feed = new Map([...inputs].map(([id, data]) => [total.ids.get(id)!.id, data] as const))
  return prepare(r, [total.sum.id], contextOf("float64")).run(feed)[0]![0]!
}

/** The most numbers that one operation of the graph adds up. */
export const longestSum = (graph: Graph): number => Math.max(1, ...graph.nodes.map((n) => sizeOf(n.shape)))
