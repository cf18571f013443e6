/** The uniforms of one `uniform` node: see `noiseWords` for what their bits depend on. */
import type { Shape, TypedArray } from "../graph/types.ts"

export const noiseUniforms = (
  stream: string,
  axes: ReadonlyArray<string>,
  shape: Shape,
  event: number
): ((key: TypedArray, out: TypedArray) => void) => {
  void [stream, axes, shape, event]
  return () => undefined
}
