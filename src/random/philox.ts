/** The high word of the 64-bit product of two 32-bit words. */
const mulHigh = (a: number, b: number): number => {
  const aLow = a & 0xffff
  const aHigh = a >>> 16
  const bLow = b & 0xffff
  const bHigh = b >>> 16
  const cross = Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)
  const middle = Math.imul(aLow, bHigh) + (cross & 0xffff)
  return Math.imul(aHigh, bHigh) + (cross >>> 16) + (middle >>> 16)
}

/**
 * Philox4x32-10: a bijection of 128-bit counters for each 64-bit key, whose four output words pass as independent and uniform. Salmon,
 * Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011).
 *
 * The counter is the four words (c0, c1, c2, c3), the key (k0, k1); the result is written to `out[0]` … `out[3]`.
 */
export const philox4x32 = (c0: number, c1: number, c2: number, c3: number, k0: number, k1: number, out: Uint32Array): void => {
  for (let round = 0; round < 10; round++) {
    const high0 = mulHigh(0xd2511f53, c0)
    const high1 = mulHigh(0xcd9e8d57, c2)
    const low0 = Math.imul(0xd2511f53, c0)
    const low1 = Math.imul(0xcd9e8d57, c2)
    c0 = high1 ^ c1 ^ k0
    c1 = low1
    c2 = high0 ^ c3 ^ k1
    c3 = low0
    k0 = (k0 + 0x9e3779b9) | 0
    k1 = (k1 + 0xbb67ae85) | 0
  }
  out[0] = c0
  out[1] = c1
  out[2] = c2
  out[3] = c3
}
