import type { Bijector } from "../src/bijector/bijector.ts"
import { permutation } from "../src/bijector/index.ts"
import type { Start } from "../src/guide/guide.ts"
import type { FlowContext, Learnable } from "../src/learnable/index.ts"
import { learnableConditionalAffine, learnableTriangularAffine, sequence } from "../src/learnable/index.ts"
import { matrixOf } from "./matrix.ts"

/** One coupling of a flow on vectors of `size`. */
export type Coupling = (options: {
  readonly size: number
  readonly transform: "first" | "last"
  readonly context: number
}) => Learnable<Bijector, FlowContext>

/** Interleaves the two halves, so that coordinates that stood in one half come to stand in different ones. */
const riffle = (size: number): Learnable<Bijector, FlowContext> => {
  const half = Math.floor(size / 2)
  const indices = Array.from({ length: size }, (_, i) => (i % 2 === 0 ? half + i / 2 : (i - 1) / 2))
  return { name: "permutation", init: () => ({}), build: () => permutation(indices) }
}

/**
 * Base → couplings → lower triangular affine, which starts at the mode and curvature of the posterior: the couplings work in whitened
 * coordinates. Their mapped halves alternate, riffled after every two. With a context, a shift and scale that depend on it stand before
 * the last map.
 */
export const couplingFlow = (
  { shift, scaleTril }: Start,
  context: number,
  count: number,
  coupling: Coupling
): Learnable<Bijector, FlowContext> => {
  const size = shift.length
  const couplings = Array.from({ length: count }, (_, i) => [
    ...(i > 0 && i % 2 === 0 && size > 2 ? [riffle(size)] : []),
    coupling({ size, context, transform: i % 2 === 0 ? "last" : "first" })
  ]).flat()
  return sequence([
    ...couplings,
    ...(context > 0 ? [learnableConditionalAffine({ size, context })] : []),
    learnableTriangularAffine({ shift, scaleTril: matrixOf(scaleTril, size) })
  ])
}
