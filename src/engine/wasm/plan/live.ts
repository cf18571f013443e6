/** Computations that nothing depends on are left out. */
import type { Lowered, Operand } from "./computation.ts"
import { isFill, viewsOf } from "./computation.ts"

export const liveComputations = ({ computations, inputs, outputs }: Lowered): Lowered => {
  const live = new Uint8Array(computations.length)
  for (const o of outputs) live[o] = 1
  for (let i = computations.length - 1; i >= 0; i--) if (live[i] === 1) for (const v of viewsOf(computations[i]!)) live[v.value] = 1
  let kept = 0
  const place = Array.from(live, (alive) => (alive === 1 ? kept++ : -1))
  const moved = (o: Operand): Operand => {
    if (isFill(o) || place[o.value] === o.value) return o
    const { offset, shape, strides } = o
    return { value: place[o.value]!, offset, shape, strides }
  }
  return {
    computations: computations
      .filter((_, i) => live[i] === 1)
      .map(({ op, operands, attributes, shape, dtype, origin }) => ({
        op,
        operands: operands.map(moved),
        attributes,
        shape,
        dtype,
        origin
      })),
    inputs: inputs.map((i) => (i === undefined || live[i] === 0 ? undefined : place[i])),
    outputs: outputs.map((o) => place[o]!)
  }
}
