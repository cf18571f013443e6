import type { Key } from "./key.ts"
import { fold } from "./key.ts"
import { philox4x32 } from "./philox.ts"

/** An axis that noise varies over: it is known by its name, and has so many rows to fill. */
export interface NoiseAxis {
  readonly name: string
  readonly size: number
}

/**
 * The random words of a stream of noise, of shape [..axis sizes, event], outermost axis first; the same on every engine.
 *
 * The word at coordinates (c₁, …, c_k; e) is a function of the seed, the step, the stream's name, the axes' names, the coordinates and e, and of no
 * size: more particles or rows leave those already there as they are. It is word e mod 4 of Philox4x32-10 at the counter (⌊e/4⌋, c_k, c_{k−1},
 * c_{k−2}), under the seed folded with the step, with 64 bits that stand for the names, and with each coordinate further out.
 */
export const noiseWords = (stream: string, axes: ReadonlyArray<NoiseAxis>, event: number) => {
  const names = axes.reduce((key, { name }) => fold(key, name), fold({ hi: 0, lo: 0 }, stream))
  const sizes = [1, 1, 1, ...axes.map(({ size }) => size)]
  const outer = sizes.slice(3, -3)
  const [slabs, rows, columns] = sizes.slice(-3) as [number, number, number]
  const words = new Uint32Array(4)

  const fillInner = (key: Key, out: Uint32Array, offset: number): number => {
    let at = offset
    for (let slab = 0; slab < slabs; slab++)
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++)
          for (let e = 0; e < event; e += 4) {
            philox4x32(e >>> 2, column, row, slab, key.lo, key.hi, words)
            const count = Math.min(event - e, 4)
            for (let i = 0; i < count; i++) out[at++] = words[i]!
          }
    return at
  }

  const fill = (key: Key, depth: number, out: Uint32Array, offset: number): number => {
    if (depth === outer.length) return fillInner(key, out, offset)
    let at = offset
    for (let c = 0; c < outer[depth]!; c++) at = fill(fold(key, c), depth + 1, out, at)
    return at
  }

  return (seed: Key, step: number, out: Uint32Array): void => {
    fill(fold(fold(fold(seed, step), names.lo), names.hi), 0, out, 0)
  }
}
