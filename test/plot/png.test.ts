import { inflateSync } from "node:zlib"
import * as fc from "fast-check"
import sharp from "sharp"
import { describe, expect, it } from "vitest"
import { deflate } from "../../src/plot/png/deflate.ts"
import { encode } from "../../src/plot/png/png.ts"

describe("deflate", () => {
  it("is undone by zlib, whatever the bytes", () => {
    const few = fc.array(fc.constantFrom(0, 0, 0, 7, 255), { maxLength: 3000 })
    const any = fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 1000 })
    fc.assert(
      fc.property(fc.oneof(few, any), (bytes) => {
        expect([...inflateSync(deflate(Uint8Array.from(bytes)))]).toEqual(bytes)
      }),
      { seed: 1, numRuns: 100 }
    )
  })

  it("finds what repeats, up to 258 bytes and 32,768 back", () => {
    const block = Uint8Array.from({ length: 32_768 }, (_, i) => (i * i + (i >> 7)) & 255)
    const twice = Uint8Array.from([...block, ...block])
    expect(inflateSync(deflate(twice)).equals(twice)).toBe(true)
    expect(deflate(twice).length).toBeLessThan(deflate(block).length + 1000)
    const zeros = new Uint8Array(100_000)
    expect(inflateSync(deflate(zeros)).equals(zeros)).toBe(true)
    expect(deflate(zeros).length).toBeLessThan(1000)
  })
})

describe("PNG", () => {
  it("is read by another decoder as the colours that were written", async () => {
    const palette = Array.from({ length: 200 }, (_, i) => [i, 255 - i, (7 * i) % 256] as const)
    for (const [width, height] of [
      [1, 1],
      [5, 3],
      [33, 70]
    ] as const)
      for (const at of [(i: number) => (i * i) % 200, (i: number) => Math.floor(i / width / 2)]) {
        const pixels = Uint8Array.from({ length: width * height }, (_, i) => at(i))
        const { data, info } = await sharp(encode({ width, height, pixels, palette }))
          .removeAlpha()
          .raw()
          .toBuffer({ resolveWithObject: true })
        expect([info.width, info.height, info.channels]).toEqual([width, height, 3])
        expect([...data]).toEqual([...pixels].flatMap((p) => [...palette[p]!]))
      }
  })
})
