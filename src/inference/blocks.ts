import * as Effect from "effect/Effect"
import type { TypedArray } from "../graph/types.ts"
import { courtesy } from "./courtesy.ts"

/** `count` rows of outputs of so many numbers a row, computed `size` at a time; what a last block has beyond them is left out. */
export const inBlocks = <E>(
  count: number,
  size: number,
  widths: ReadonlyArray<number>,
  run: (block: number) => Effect.Effect<ReadonlyArray<TypedArray>, E>
): Effect.Effect<ReadonlyArray<Float64Array>, E> =>
  Effect.gen(function* () {
    const pause = courtesy()
    const all = widths.map((width) => new Float64Array(count * width))
    for (let block = 0; block * size < count; block++) {
      yield* pause
      const rows = Math.min(size, count - block * size)
      const outputs = yield* run(block)
      outputs.forEach((output, i) => all[i]!.set(output.subarray(0, rows * widths[i]!), block * size * widths[i]!))
    }
    return all
  })
