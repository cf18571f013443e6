/** Computations that nothing depends on are left out. */
import type { Lowered } from "./computation.ts"
import { isFill, viewsOf } from "./computation.ts"

export const liveComputations = ({ computations, inputs, outputs }: Lowered): Lowered => {
  const live = new Set(outputs)
  for (let i = computations.length - 1; i >= 0; i--) if (live.has(i)) for (const v of viewsOf(computations[i]!)) live.add(v.value)
  const place = new Map([...live].sort((a, b) => a - b).map((old, i) => [old, i]))
  return {
    computations: computations
      .filter((_, i) => live.has(i))
      .map((c) => ({ ...c, operands: c.operands.map((o) => (isFill(o) ? o : { ...o, value: place.get(o.value)! })) })),
    inputs: inputs.map((i) => (i === undefined ? undefined : place.get(i))),
    outputs: outputs.map((o) => place.get(o)!)
  }
}
