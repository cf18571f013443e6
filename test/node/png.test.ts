import * as Effect from "effect/Effect"
import sharp from "sharp"
import { describe, expect, it } from "vitest"
import { animation, png } from "../../src/node/png.ts"
import { scatter2d } from "../../src/plot/scatter2d.ts"
import { svg } from "../../src/plot/svg.ts"

const domain = { x: [-1, 1], y: [-1, 1] } as const
const frame = (x: number, title = "A point") => scatter2d([[x, 0]], { domain, size: 100, title })
const run = Effect.runPromise

describe("png", () => {
  it("has the picture's size times the scale, its dots and its letters", async () => {
    const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(await run(svg(frame(0))))!.map(Number)
    for (const scale of [1, 3]) {
      const { data, info } = await sharp(await run(png(frame(0), { scale })))
        .removeAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true })
      expect([info.width, info.height]).toEqual([width! * scale, height! * scale])
      const pixels = Array.from({ length: info.width * info.height }, (_, i) => [...data.subarray(3 * i, 3 * i + 3)])
      // the dot is blue; the title is dark, within the uppermost rows
      expect(pixels.some(([r, g, b]) => b! - r! > 60 && g! > r!)).toBe(true)
      const title = pixels.slice(0, info.width * 42 * scale).filter(([r, g, b]) => r! + g! + b! < 200).length
      expect(title).toBeGreaterThan(60 * scale ** 2)
    }
  })

  it("refuses scales that are none", async () => {
    for (const scale of [0, -1, NaN, 1000]) expect((await run(Effect.flip(png(frame(0), { scale }))))._tag).toBe("ArgumentError")
  })

  it("says what could not be drawn", async () => {
    expect((await run(Effect.flip(png({ mark: "no such mark", encoding: {} })))).message).toMatch(/vega/)
  })
})

describe("animation", () => {
  it.each(["webp", "gif"] as const)("has all frames with their delays, as %s", async (format) => {
    const frames = await Promise.all([-0.8, 0, 0.8].map((x) => run(svg(frame(x)))))
    const film = await run(animation(frames, { format, delay: [100, 200, 300], scale: 1 }))
    const { pages, delay, loop, format: made } = await sharp(film, { animated: true }).metadata()
    expect({ pages, delay, loop, made }).toEqual({ pages: 3, delay: [100, 200, 300], loop: 0, made: format })
    // the dot moves to the right
    const centres = await Promise.all(
      [0, 1, 2].map(async (page) => {
        const { data, info } = await sharp(film, { page }).removeAlpha().raw().toBuffer({ resolveWithObject: true })
        const blue = Array.from({ length: info.width * info.height }, (_, i) => i).filter((i) => data[3 * i + 2]! - data[3 * i]! > 60)
        return blue.reduce((sum, i) => sum + (i % info.width) / blue.length, 0)
      })
    )
    expect(centres[1]! - centres[0]!).toBeCloseTo(40, 0)
    expect(centres[2]! - centres[1]!).toBeCloseTo(40, 0)
  })

  it("refuses no frames, frames of several sizes, and delays that are none", async () => {
    const [one, other] = await Promise.all([
      run(svg(frame(0))),
      run(svg(frame(0, "A title that is longer than the picture is wide, by far")))
    ])
    const fails = async (frames: ReadonlyArray<string>, delay: number | ReadonlyArray<number>) =>
      (await run(Effect.flip(animation(frames, { delay })))).message
    expect(await fails([], 100)).toMatch(/animation: expected one or more frames/)
    expect(await fails([one, other], 100)).toMatch(/animation\[1\].*pixels/)
    expect(await fails([one], -1)).toMatch(/delay.*-1/)
    expect(await fails([one], [1, 2])).toMatch(/2 for 1 frames/)
    expect(await fails(["<svg"], 100)).toMatch(/sharp/)
  })
})
