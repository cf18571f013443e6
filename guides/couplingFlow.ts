import type { Bijector } from "../src/bijector/bijector.ts"
import { permutation } from "../src/bijector/index.ts"
import { range } from "../src/graph/shape.ts"
import type { Start } from "../src/guide/guide.ts"
import type { FlowContext, Learnable } from "../src/learnable/index.ts"
import { fixed } from "../src/learnable/index.ts"
import { layeredFlow, type LayerOptions } from "./layeredFlow.ts"

/** One coupling of a flow on vectors of `size`. */
export type Coupling = (options: LayerOptions & { readonly transform: "first" | "last" }) => Learnable<Bijector, FlowContext>

/** Interleaves the two halves, so that coordinates that stood in one half come to stand in different ones. */
const riffle = (size: number): Bijector => {
  const half = Math.floor(size / 2)
  return permutation(range(size).map((i) => (i % 2 === 0 ? half + i / 2 : (i - 1) / 2)))
}

/** A flow of couplings whose mapped halves alternate, riffled after every two. */
export const couplingFlow = (start: Start, context: number, count: number, coupling: Coupling): Learnable<Bijector, FlowContext> =>
  layeredFlow(start, context, (options) =>
    range(count).flatMap((i) => [
      ...(i > 0 && i % 2 === 0 && options.size > 2 ? [fixed(riffle(options.size))] : []),
      coupling({ ...options, transform: i % 2 === 0 ? "last" : "first" })
    ])
  )
