/** Noise for the host: starting points, resampling, fresh parameters. */
import { normalQuantile } from "../special/index.ts"
import type { Key } from "./key.ts"
import { philox4x32 } from "./philox.ts"

/** The last counter word of a draw; `key.ts` has those of derived keys. */
const DRAW = 0

/** n independent uniforms on (0, 1), the middles of 2³² equal cells. The first ones do not depend on n. */
export const uniforms = (key: Key, n: number): Float64Array => {
  const values = new Float64Array(n)
  const words = new Uint32Array(4)
  for (let i = 0; i < n; i++) {
    if (i % 4 === 0) philox4x32(i / 4, 0, 0, DRAW, key.lo, key.hi, words)
    values[i] = (words[i % 4]! + 0.5) * 2 ** -32
  }
  return values
}

/** n independent standard normals, Φ⁻¹ of the uniforms. The first ones do not depend on n. */
export const normals = (key: Key, n: number): Float64Array => uniforms(key, n).map(normalQuantile)
