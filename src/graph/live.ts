/** The nodes that the given ones depend on, but for what only known ones depend on. */
import type { Graph } from "./types.ts"

export const liveNodes = (
  graph: Graph,
  outputs: ReadonlyArray<number>,
  known: Pick<ReadonlySet<number>, "has"> = new Set()
): ReadonlySet<number> => {
  const seen = new Set<number>()
  const stack = [...outputs]
  while (stack.length > 0) {
    const id = stack.pop()!
    if (seen.has(id)) continue
    seen.add(id)
    if (!known.has(id)) stack.push(...graph.nodes[id]!.inputs)
  }
  return seen
}
