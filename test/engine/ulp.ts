import type { Real } from "../../src/engine/wasm/math/emitter.ts"

const f32 = new Float32Array(1)
const i32 = new Int32Array(f32.buffer)
const f64 = new Float64Array(1)
const i64 = new BigInt64Array(f64.buffer)

/** The place of a number among all numbers of its type, in order; the two zeros have one. */
const place32 = (x: number): number => {
  f32[0] = x
  return i32[0]! < 0 ? -2147483648 - i32[0]! : i32[0]!
}

const place64 = (x: number): bigint => {
  f64[0] = x
  return i64[0]! < 0n ? -(2n ** 63n) - i64[0]! : i64[0]!
}

/** How many numbers of the type apart; no distance from NaN but of NaN. */
export const ulps = (dtype: Real, a: number, b: number): number => {
  if (a !== a || b !== b) return a !== a && b !== b ? 0 : Infinity
  return dtype === "f32"
    ? Math.abs(place32(a) - place32(b))
    : Number(place64(a) - place64(b) < 0n ? place64(b) - place64(a) : place64(a) - place64(b))
}
