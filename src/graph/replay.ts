/**
 * Replay: a recorded graph recorded again into the current one, with other inputs. Where these hide axes this is vmap: the same batching
 * rules, nothing more.
 */
import { bind } from "./bind.ts"
import { liveNodes } from "./live.ts"
import { emit, real, recorder } from "./recorder.ts"
import type { Graph } from "./types.ts"
import type { Value } from "./value.ts"

export const replay = (graph: Graph, outputs: ReadonlyArray<number>, inputs: ReadonlyMap<number, Value>): ReadonlyArray<Value> => {
  const live = liveNodes(graph, outputs, inputs)
  const values = new Map(inputs)
  const r = recorder()
  const before = r.origin
  graph.nodes.forEach((node, id) => {
    if (!live.has(id) || values.has(id)) return
    r.origin = node.origin
    values.set(
      id,
      node.inputs.length === 0
        ? real(emit(node.op, [], node.attributes, node.dtype))
        : bind(
            node.op,
            node.inputs.map((i) => values.get(i)!),
            node.attributes
          )
    )
  })
  r.origin = before
  return outputs.map((o) => values.get(o)!)
}
