/** Philox4x32-10 for four counters at once. */
import type { FunctionBuilder, ValueType } from "../assembler/function.ts"

/** The bytes of 32-bit words of two vectors, 0 … 3 of the first, 4 … 7 of the second. */
export const words = (...indices: ReadonlyArray<number>): ReadonlyArray<number> =>
  indices.flatMap((w) => [4 * w, 4 * w + 1, 4 * w + 2, 4 * w + 3])

/** Four vectors of counter words, a lane for each block, and the key's low and high word; the four words of each block. */
export const philoxType: { readonly params: ReadonlyArray<ValueType>; readonly results: ReadonlyArray<ValueType> } = {
  params: ["v128", "v128", "v128", "v128", "i32", "i32"],
  results: ["v128", "v128", "v128", "v128"]
}

/** The bijection of `philox4x32` (Salmon et al. 2011) on each lane. */
export const writePhilox = (f: FunctionBuilder): void => {
  const [c0, c1, c2, c3] = [0, 1, 2, 3] as const
  const [low, high, above, below] = [f.local("v128"), f.local("v128"), f.local("v128"), f.local("v128")]
  const keys = [4, 5].map((k) => {
    const splat = f.local("v128")
    f.get(k).op("i32x4.splat").set(splat)
    return splat
  })
  const multiply = (counter: number, by: number): FunctionBuilder =>
    f
      .get(counter)
      .splat("i32x4", by)
      .op("i64x2.extmul_low_i32x4_u")
      .set(low)
      .get(counter)
      .splat("i32x4", by)
      .op("i64x2.extmul_high_i32x4_u")
      .set(high)
  const pick = (...indices: ReadonlyArray<number>): FunctionBuilder =>
    f
      .get(low)
      .get(high)
      .shuffle(words(...indices))
  for (let round = 0; round < 10; round++) {
    multiply(c0, 0xd2511f53)
    pick(1, 3, 5, 7).get(c3).op("v128.xor").get(keys[1]!).op("v128.xor").set(above)
    pick(0, 2, 4, 6).set(below)
    multiply(c2, 0xcd9e8d57)
    pick(1, 3, 5, 7).get(c1).op("v128.xor").get(keys[0]!).op("v128.xor").set(c0)
    pick(0, 2, 4, 6).set(c1).get(above).set(c2).get(below).set(c3)
    const weyl = [0x9e3779b9, 0xbb67ae85] as const
    keys.forEach((k, i) => f.get(k).splat("i32x4", weyl[i]!).op("i32x4.add").set(k))
  }
  for (const c of [c0, c1, c2, c3]) f.get(c)
}
