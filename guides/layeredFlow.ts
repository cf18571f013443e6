import type { Bijector } from "../src/bijector/bijector.ts"
import { permutation } from "../src/bijector/index.ts"
import { range } from "../src/graph/shape.ts"
import type { Start } from "../src/guide/guide.ts"
import type { FlowContext, Learnable } from "../src/learnable/index.ts"
import { fixed, learnableConditionalAffine, learnableTriangularAffine, sequence } from "../src/learnable/index.ts"
import { matrixOf } from "./matrix.ts"

type Layer = Learnable<Bijector, FlowContext>

/** What a layer of a flow is made for. */
export interface LayerOptions {
  readonly size: number
  readonly context: number
}

/**
 * Base → layers → lower triangular affine, which starts at the mode and curvature of the posterior: the layers work in whitened
 * coordinates. With a context, a shift and scale that depend on it stand before the last map.
 */
export const layeredFlow = (
  { shift, scaleTril }: Start,
  context: number,
  layers: (options: LayerOptions) => ReadonlyArray<Layer>
): Layer => {
  const size = shift.length
  return sequence([
    ...layers({ size, context }),
    ...(context > 0 ? [learnableConditionalAffine({ size, context })] : []),
    learnableTriangularAffine({ shift, scaleTril: matrixOf(scaleTril, size) })
  ])
}

/** Layers with the order of the coordinates reversed between them, so that the last depend on the first and the first on the last. */
export const reversing = (size: number, count: number, layer: () => Layer): ReadonlyArray<Layer> =>
  range(count).flatMap((i) => (i > 0 && size > 1 ? [fixed(permutation(range(size).reverse())), layer()] : [layer()]))
