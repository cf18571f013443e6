import type { Real } from "../../src/engine/wasm/math/emitter.ts"

const f32 = new Float32Array(1)
const i32 = new Int32Array(f32.buffer)
const f64 = new Float64Array(1)
const halves = new Uint32Array(f64.buffer)

/** The place of a number among all numbers of its type, in order; the two zeros have one. */
const place32 = (x: number): number => {
  f32[0] = x
  return i32[0]! < 0 ? -2147483648 - i32[0]! : i32[0]!
}

/** The same in two words. */
const place64 = (x: number): readonly [high: number, low: number] => {
  f64[0] = Math.abs(x)
  return x < 0 ? [-halves[1]!, -halves[0]!] : [halves[1]!, halves[0]!]
}

const distance64 = (a: number, b: number): number => {
  const [high, low] = place64(a)
  const [otherHigh, otherLow] = place64(b)
  return Math.abs((high - otherHigh) * 2 ** 32 + (low - otherLow))
}

/** How many numbers of the type apart; no distance from NaN but of NaN. */
export const ulps = (dtype: Real, a: number, b: number): number => {
  if (a === b) return 0
  if (a !== a || b !== b) return a !== a && b !== b ? 0 : Infinity
  return dtype === "f32" ? Math.abs(place32(a) - place32(b)) : distance64(a, b)
}
