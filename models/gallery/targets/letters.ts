/** A word as a distribution: points uniform in the squares of its letters' pixels. */
import * as tf from "@tensorflow/tfjs-core"
import { ArgumentError, deterministic, model, sample } from "pushforward"
import { Categorical, Uniform } from "pushforward/distributions"
import { float32 } from "pushforward/math"
import { font } from "./font.ts"
import type { Target } from "./target.ts"

/** The picture of a text of capital letters and spaces, a string a row of pixels, "█" where one is set. */
export const bitmap = (text: string): ReadonlyArray<string> => {
  const glyphs = Array.from(text, (letter) => {
    const glyph = font[letter]
    if (glyph === undefined)
      throw new ArgumentError({ argument: "letters.text", expected: "capital letters A–Z and spaces", received: `"${letter}"` })
    return glyph
  })
  return Array.from({ length: 7 }, (_, row) => glyphs.map((glyph) => glyph[row]!).join(" "))
}

/** The side of a pixel: a letter is 2 high. */
const pixelSide = 2 / 7

const corners = (text: string): ReadonlyArray<readonly [number, number]> => {
  const rows = bitmap(text)
  const width = rows[0]!.length
  const pixels = rows.flatMap((row, i) =>
    Array.from(row).flatMap((pixel, j) => (pixel === "█" ? [[(j - width / 2) * pixelSide, (2.5 - i) * pixelSide] as const] : []))
  )
  if (pixels.length === 0) throw new ArgumentError({ argument: "letters.text", expected: "at least one letter", received: `"${text}"` })
  return pixels
}

const lettersModel = model(function* (pixels: ReadonlyArray<readonly [number, number]>) {
  const pixel = yield* sample("pixel", Categorical(pixels.map(() => 0)))
  const place = yield* sample("place", Uniform([0, 0], pixelSide))
  return yield* deterministic("x", tf.add(tf.gather(float32(pixels), pixel), place))
})

/**
 * The points of a text, two units high and centred on the origin. The density is exact: one over the area of the pixels, −∞ outside them.
 *
 * @throws ArgumentError where the text has other characters than A–Z and spaces, or no letter.
 */
export const letters = (text: string) => {
  const pixels = corners(text)
  const entropy = Math.log(pixels.length * pixelSide ** 2)
  // a draw on an edge may be rounded across it
  const half = pixelSide / 2 + 1e-6
  const within = (a: number, corner: number): boolean => Math.abs(a - corner - pixelSide / 2) <= half
  return {
    name: `the letters ${text}`,
    model: lettersModel(pixels),
    logDensity: (x) => (pixels.some(([left, bottom]) => within(x[0]!, left) && within(x[1]!, bottom)) ? -entropy : -Infinity),
    logProb: (x) => {
      const distance = tf.sub(x, tf.add(float32(pixels), pixelSide / 2))
      const inside = tf.any(tf.all(tf.lessEqual(tf.abs(distance), float32(half)), 1))
      return tf.where(inside, float32(-entropy), -Infinity)
    },
    entropy
  } satisfies Target
}
