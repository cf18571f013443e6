/** Keys of counter-based randomness. Plain values: equal keys give equal noise, on every engine. */
import { ArgumentError } from "../errors.ts"
import { philox4x32 } from "./philox.ts"

/** 64 bits in two unsigned words. */
export interface Key {
  readonly hi: number
  readonly lo: number
}

/** The last counter word of each use of a key, so that no two uses share a counter. */
const NUMBER = 1
const STRING = 2
const SPLIT = 3

const derive = (key: Key, c0: number, c1: number, c2: number, c3: number): Key => {
  const out = new Uint32Array(4)
  philox4x32(c0, c1, c2, c3, key.lo, key.hi, out)
  return { hi: out[1]!, lo: out[0]! }
}

const highWord = (integer: number): number => Math.floor(integer / 2 ** 32) >>> 0

const integer = (argument: string, value: number): number => {
  if (Number.isSafeInteger(value)) return value
  throw new ArgumentError({ argument, expected: "an integer within ±2^53", received: String(value) })
}

/** The key of a seed, an integer. */
export const keyOf = (seed: number): Key => ({ hi: highWord(integer("keyOf.seed", seed)), lo: seed >>> 0 })

/** A key that depends on a key and an integer, or a name. Different data give keys that are independent for all practical purposes. */
export const fold = (key: Key, data: number | string): Key => {
  if (typeof data === "number") return derive(key, integer("fold.data", data) >>> 0, highWord(data), 0, NUMBER)
  let folded = derive(key, data.length, 0, 0, STRING)
  const word = (i: number): number => data.charCodeAt(i) | (data.charCodeAt(i + 1) << 16)
  for (let i = 0; i < data.length; i += 6) folded = derive(folded, word(i), word(i + 2), word(i + 4), STRING)
  return folded
}

/** `count` independent keys. The first ones do not depend on how many there are. */
export const split = (key: Key, count = 2): ReadonlyArray<Key> => Array.from({ length: count }, (_, i) => derive(key, i, 0, 0, SPLIT))
