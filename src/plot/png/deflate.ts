/** Compression as zlib does it (RFC 1950, RFC 1951), in one block of fixed codes: enough for pictures of few colours. */

const lengths = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258]
const distances = Array.from({ length: 30 }, (_, i) => (i < 2 ? i + 1 : 1 + 2 ** (Math.floor(i / 2) - 1) * (2 + (i % 2))))
const extraOfLength = (code: number): number => (code < 8 || code === 28 ? 0 : Math.floor(code / 4) - 1)
const extraOfDistance = (code: number): number => (code < 2 ? 0 : Math.floor(code / 2) - 1)
const window = 32_768
const longest = 258
/** How many earlier places with the same three bytes are tried. */
const tries = 32

class Bits {
  readonly bytes: Array<number> = []
  #held = 0
  #count = 0
  /** The least significant bit first. */
  push(value: number, bits: number): void {
    this.#held |= value << this.#count
    this.#count += bits
    while (this.#count >= 8) {
      this.bytes.push(this.#held & 255)
      this.#held >>>= 8
      this.#count -= 8
    }
  }
  /** A Huffman code: the most significant bit first. */
  code(value: number, bits: number): void {
    for (let bit = bits - 1; bit >= 0; bit--) this.push((value >> bit) & 1, 1)
  }
  end(): void {
    if (this.#count > 0) this.push(0, 8 - this.#count)
  }
}

const symbol = (bits: Bits, value: number): void => {
  if (value < 144) bits.code(0x30 + value, 8)
  else if (value < 256) bits.code(0x190 + value - 144, 9)
  else if (value < 280) bits.code(value - 256, 7)
  else bits.code(0xc0 + value - 280, 8)
}

const lastAtMost = (bases: ReadonlyArray<number>, value: number): number => bases.findLastIndex((base) => base <= value)

const repeat = (bits: Bits, length: number, distance: number): void => {
  const l = lastAtMost(lengths, length)
  symbol(bits, 257 + l)
  bits.push(length - lengths[l]!, extraOfLength(l))
  const d = lastAtMost(distances, distance)
  bits.code(d, 5)
  bits.push(distance - distances[d]!, extraOfDistance(d))
}

const adler32 = (data: Uint8Array): number => {
  let [a, b] = [1, 0]
  for (const byte of data) {
    a = (a + byte) % 65521
    b = (b + a) % 65521
  }
  return ((b << 16) | a) >>> 0
}

/** A zlib stream of the bytes. */
export const deflate = (data: Uint8Array): Uint8Array => {
  const bits = new Bits()
  const latest = new Map<number, number>()
  const earlier = new Int32Array(data.length).fill(-1)
  const remember = (at: number): void => {
    if (at + 2 >= data.length) return
    const key = data[at]! | (data[at + 1]! << 8) | (data[at + 2]! << 16)
    earlier[at] = latest.get(key) ?? -1
    latest.set(key, at)
  }
  const longestAt = (at: number): readonly [length: number, distance: number] => {
    if (at + 2 >= data.length) return [0, 0]
    let best: readonly [number, number] = [0, 0]
    let from = latest.get(data[at]! | (data[at + 1]! << 8) | (data[at + 2]! << 16)) ?? -1
    for (let n = 0; n < tries && from >= 0 && at - from <= window; n++, from = earlier[from]!) {
      let length = 0
      while (length < longest && at + length < data.length && data[from + length] === data[at + length]) length++
      if (length > best[0]) best = [length, at - from]
    }
    return best
  }
  bits.push(1, 1)
  bits.push(1, 2)
  for (let at = 0; at < data.length;) {
    const [length, distance] = longestAt(at)
    const taken = length > 2 ? length : 1
    if (length > 2) repeat(bits, length, distance)
    else symbol(bits, data[at]!)
    for (let i = 0; i < taken; i++) remember(at + i)
    at += taken
  }
  symbol(bits, 256)
  bits.end()
  const check = adler32(data)
  return Uint8Array.from([0x78, 0x01, ...bits.bytes, check >>> 24, (check >>> 16) & 255, (check >>> 8) & 255, check & 255])
}
