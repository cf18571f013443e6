/** Pictures in pixels, by sharp. */
import * as Effect from "effect/Effect"
import type { Specification } from "../plot/specification.ts"
import { PictureError, svg } from "../plot/svg.ts"
import { ArgumentError } from "../errors.ts"

export interface PngOptions {
  /** Pixels for each of the picture's own; by default 2. */
  readonly scale?: number
}

export interface AnimationOptions extends PngOptions {
  /** Milliseconds between frames, or for each frame its own; by default 100. */
  readonly delay?: number | ReadonlyArray<number>
  /** By default WebP, the smaller. */
  readonly format?: "webp" | "gif"
  /** How often it is played; by default 0, for ever. */
  readonly loop?: number
}

const load = async () => (await import("sharp")).default

const attempt = <A>(run: () => Promise<A>): Effect.Effect<A, PictureError> =>
  Effect.tryPromise({
    try: run,
    catch: (cause) =>
      new PictureError({
        reason: cause instanceof Error ? cause.message : String(cause),
        cause,
        needs: "the packages vega, vega-lite and sharp"
      })
  })

const positive = (argument: string, scale: number): Effect.Effect<number, ArgumentError> =>
  scale > 0 && scale <= 30
    ? Effect.succeed(scale)
    : Effect.fail(new ArgumentError({ argument, expected: "a number above 0, at most 30", received: String(scale) }))

/** What sharp takes for one pixel of the picture to be one of the file. */
const dotsPerInch = 72

/**
 * A specification drawn as a PNG file. `sharp` is loaded when this runs: an optional peer.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { png } from "pushforward/node"
 * import { histogram } from "pushforward/plot"
 *
 * const file = await Effect.runPromise(png(histogram([1, 2, 2, 3]), { scale: 2 }))
 * ```
 */
export const png = (
  specification: Specification,
  { scale = 2 }: PngOptions = {}
): Effect.Effect<Uint8Array, PictureError | ArgumentError> =>
  Effect.gen(function* () {
    const density = dotsPerInch * (yield* positive("png.scale", scale))
    const text = yield* svg(specification)
    return yield* attempt(async () => (await load())(Buffer.from(text), { density }).png({ compressionLevel: 9 }).toBuffer())
  })

/**
 * SVG texts as the frames of one moving picture. Frames are to be of one size, and so to share their axes' extents.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { animation } from "pushforward/node"
 * import { histogram, svg } from "pushforward/plot"
 *
 * const frames = [[1, 2, 2, 3], [1, 2, 3, 3]].map((values) => svg(histogram(values, { domain: [0, 4] })))
 * const film = await Effect.runPromise(Effect.flatMap(Effect.all(frames), (drawn) => animation(drawn, { delay: 500 })))
 * ```
 */
export const animation = (
  frames: ReadonlyArray<string>,
  { delay = 100, format = "webp", loop = 0, scale = 2 }: AnimationOptions = {}
): Effect.Effect<Uint8Array, PictureError | ArgumentError> =>
  Effect.gen(function* () {
    const refuse = (argument: string, expected: string, received: string) =>
      Effect.fail(new ArgumentError({ argument: `animation${argument}`, expected, received }))
    const density = dotsPerInch * (yield* positive("animation.scale", scale))
    if (frames.length === 0) return yield* refuse("", "one or more frames", "none")
    const delays = typeof delay === "number" ? frames.map(() => delay) : [...delay]
    const odd = delays.findIndex((ms) => !Number.isSafeInteger(ms) || ms < 0)
    if (odd >= 0) return yield* refuse(".delay", "whole milliseconds", String(delays[odd]))
    if (delays.length !== frames.length)
      return yield* refuse(".delay", "one for all frames or one for each", `${delays.length} for ${frames.length} frames`)
    const sharp = yield* attempt(load)
    const drawn = yield* attempt(() =>
      Promise.all(frames.map((text) => sharp(Buffer.from(text), { density }).png().toBuffer({ resolveWithObject: true })))
    )
    const sizes = drawn.map(({ info }) => `${info.width} × ${info.height} pixels`)
    const other = sizes.findIndex((size) => size !== sizes[0])
    if (other >= 0) return yield* refuse(`[${other}]`, `a frame of ${sizes[0]}, as the first`, sizes[other]!)
    const pages = drawn.map(({ data }) => data)
    return yield* attempt(() => {
      const film = sharp(pages, { join: { animated: true } })
      return (format === "gif" ? film.gif({ delay: delays, loop }) : film.webp({ delay: delays, loop, quality: 90 })).toBuffer()
    })
  })
