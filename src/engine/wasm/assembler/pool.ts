/**
 * The constant vectors of a module. They are immutable globals: one load each, where V8 builds those of `v128.const` by four instructions, at every
 * execution (twice the time of an exponential).
 */
import { Bytes } from "./bytes.ts"

export class Pool {
  readonly vectors: Array<Uint8Array> = []
  private readonly indices = new Map<string, number>()

  private indexOf(key: string, vector: () => Uint8Array): number {
    const known = this.indices.get(key)
    if (known !== undefined) return known
    const index = this.vectors.push(vector()) - 1
    this.indices.set(key, index)
    return index
  }

  /** The index of the global that holds these 16 bytes. */
  vector(bytes: Uint8Array): number {
    return this.indexOf(bytes.join(), () => bytes)
  }

  /** The same of a vector with `value` in every lane. */
  splat(lanes: "f32x4" | "f64x2" | "i32x4" | "i64x2", value: number | bigint): number {
    return this.indexOf(`${lanes} ${Object.is(value, -0) ? "-0" : value}`, () => {
      const vector = new Bytes(16)
      if (lanes === "i64x2") for (let i = 0; i < 2; i++) vector.i64(BigInt(value))
      else if (lanes === "f64x2") for (let i = 0; i < 2; i++) vector.f64(Number(value))
      else if (lanes === "f32x4") for (let i = 0; i < 4; i++) vector.f32(Number(value))
      else for (let i = 0; i < 4; i++) vector.i32(Number(value))
      return vector.contents
    })
  }
}
