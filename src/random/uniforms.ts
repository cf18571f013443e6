import type { Shape, TypedArray } from "../graph/types.ts"
import { uniformOf } from "./uniform.ts"
import { noiseWords } from "./words.ts"

/**
 * The uniforms of one `uniform` node: see `noiseWords` for what their bits depend on. `shape` holds the sizes of the axes, then the event's `event`
 * ones; the key is the seed's two words and the step.
 */
export const noiseUniforms = (
  stream: string,
  axes: ReadonlyArray<string>,
  shape: Shape,
  event: number
): ((key: TypedArray, out: TypedArray) => void) => {
  const eventSize = shape.slice(shape.length - event).reduce((n, size) => n * size, 1)
  const fill = noiseWords(
    stream,
    axes.map((name, i) => ({ name, size: shape[i]! })),
    eventSize
  )
  const words = new Uint32Array(shape.reduce((n, size) => n * size, 1))
  return (key, out) => {
    fill({ hi: key[0]!, lo: key[1]! }, key[2]!, words)
    for (let i = 0; i < words.length; i++) out[i] = uniformOf(words[i]!)
  }
}
