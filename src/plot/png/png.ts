/** Images of at most 256 colours as PNG (ISO/IEC 15948), in a data URI. */
import { deflate } from "./deflate.ts"

export interface Bitmap {
  readonly width: number
  readonly height: number
  /** Row by row from the top: places in the palette. */
  readonly pixels: Uint8Array
  /** Red, green and blue of each colour, from 0 to 255. */
  readonly palette: ReadonlyArray<readonly [number, number, number]>
}

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c
})

const crc32 = (bytes: Uint8Array): number =>
  (bytes.reduce((crc, byte) => crcTable[(crc ^ byte) & 255]! ^ (crc >>> 8), 0xffffffff) ^ 0xffffffff) >>> 0

const big = (n: number): ReadonlyArray<number> => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]

const chunk = (name: string, data: Iterable<number>): ReadonlyArray<number> => {
  const body = Uint8Array.from([...Array.from(name, (letter) => letter.charCodeAt(0)), ...data])
  return [...big(body.length - 4), ...body, ...big(crc32(body))]
}

/** Rows as they are, or each less the one above: what is smooth differs little. */
const filtered = ({ width, height, pixels }: Bitmap, up: boolean): Uint8Array => {
  const rows = new Uint8Array((width + 1) * height)
  for (let y = 0; y < height; y++) {
    rows[y * (width + 1)] = up ? 2 : 0
    for (let x = 0; x < width; x++)
      rows[y * (width + 1) + 1 + x] = pixels[y * width + x]! - (up && y > 0 ? pixels[(y - 1) * width + x]! : 0)
  }
  return rows
}

/** The file. */
export const encode = (bitmap: Bitmap): Uint8Array => {
  const [plain, differences] = [false, true].map((up) => deflate(filtered(bitmap, up)))
  return Uint8Array.from([
    ...[137, 80, 78, 71, 13, 10, 26, 10],
    ...chunk("IHDR", [...big(bitmap.width), ...big(bitmap.height), 8, 3, 0, 0, 0]),
    ...chunk("PLTE", bitmap.palette.flat()),
    ...chunk("IDAT", plain!.length <= differences!.length ? plain! : differences!),
    ...chunk("IEND", [])
  ])
}

export const dataUri = (bitmap: Bitmap): string =>
  `data:image/png;base64,${btoa(Array.from(encode(bitmap), (byte) => String.fromCharCode(byte)).join(""))}`
