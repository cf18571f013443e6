/** Computations that nothing depends on are left out; the others keep their numbers. */
import type { Computation, Lowered } from "./computation.ts"
import { isFill } from "./computation.ts"

const nothing: Computation = { op: "nothing", operands: [], attributes: {}, shape: [0], dtype: "f32", origin: "" }

export const liveComputations = ({ computations, inputs, outputs }: Lowered): Lowered => {
  const live = new Uint8Array(computations.length)
  for (const o of outputs) live[o] = 1
  for (let i = computations.length - 1; i >= 0; i--)
    if (live[i] === 1) for (const o of computations[i]!.operands) if (!isFill(o)) live[o.value] = 1
  return {
    computations: computations.map((c, i) => (live[i] === 1 ? c : nothing)),
    inputs: inputs.map((i) => (i === undefined || live[i] === 0 ? undefined : i)),
    outputs
  }
}
