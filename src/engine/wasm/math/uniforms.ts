/** Blocks of uniforms: the bits of `noiseWords`, four counters at a time. */
import type { FunctionBuilder } from "../assembler/function.ts"
import type { Real } from "./emitter.ts"
import { words } from "./philox.ts"

/** The sizes of the three innermost axes, and of the event. */
export interface Block {
  readonly slabs: number
  readonly rows: number
  readonly columns: number
  readonly event: number
}

interface Locals {
  /** Where the block starts, in bytes; it is left where it ends. */
  readonly out: number
  readonly keyLow: number
  readonly keyHigh: number
}

const LANES = new Uint8Array(new Int32Array([0, 1, 2, 3]).buffer)

/** Stores the first `count` words of the vector in `word` as uniforms, see `uniformOf`, at the address in `at` plus `offset` bytes. */
const storeUniforms = (f: FunctionBuilder, dtype: Real, word: number, at: number, offset: number, count: number): void => {
  f.get(word).i32(9).op("i32x4.shr_u").set(word)
  if (dtype === "f32") {
    // as the fraction of a number in [1, 2)
    f.get(word)
      .splat("f32x4", 1)
      .op("v128.or")
      .splat("f32x4", 1 - 2 ** -24)
      .op("f32x4.sub")
      .set(word)
    if (count === 4) f.get(at).get(word).memory("v128.store", offset)
    else
      for (let i = 0; i < count; i++)
        f.get(at)
          .get(word)
          .laneMemory("v128.store32_lane", i, offset + 4 * i)
    return
  }
  for (let i = 0; i < count; i += 2) {
    f.get(at)
      .get(word)
      .get(word)
      .shuffle(words(i, i + 1, i, i + 1))
      .op("f64x2.convert_low_i32x4_u")
      .splat("f64x2", 0.5)
      .op("f64x2.add")
      .splat("f64x2", 2 ** -23)
      .op("f64x2.mul")
    if (count - i > 1) f.memory("v128.store", offset + 8 * i)
    else f.laneMemory("v128.store64_lane", 0, offset + 8 * i)
  }
}

/**
 * Fills a block. The four lanes are four columns, or where there are fewer of these than words of an event, four counters of one event. `philox` is
 * the index of the function that `writePhilox` writes.
 */
export const writeUniforms = (
  f: FunctionBuilder,
  philox: number,
  dtype: Real,
  { slabs, rows, columns, event }: Block,
  locals: Locals
): void => {
  const bytes = dtype === "f32" ? 4 : 8
  const overColumns = columns >= 4 || 4 * columns >= event
  const [slab, row, column, counter, at] = [f.local("i32"), f.local("i32"), f.local("i32"), f.local("i32"), f.local("i32")]
  const drawn = Array.from({ length: 4 }, () => f.local("v128"))
  const turned = Array.from({ length: 4 }, () => f.local("v128"))
  const turn = (into: number, a: number, b: number, ...indices: ReadonlyArray<number>): void =>
    void f
      .get(a)
      .get(b)
      .shuffle(words(...indices))
      .set(into)

  /** Draws four blocks; lane k gives its first counts[k] words to the address in `at` and `stride` bytes on from there. */
  const draw = (counts: ReadonlyArray<number>, stride: number): void => {
    ;[counter, column, row, slab].forEach((c, i) => {
      f.get(c).op("i32x4.splat")
      if (i === (overColumns ? 1 : 0)) f.constant(LANES).op("i32x4.add")
    })
    f.get(locals.keyLow).get(locals.keyHigh).call(philox)
    for (const w of drawn.toReversed()) f.set(w)
    if (event === 1) return storeUniforms(f, dtype, drawn[0]!, at, 0, counts.length)
    const [a, b, c, d] = drawn as [number, number, number, number]
    const [p, q, r, s] = turned as [number, number, number, number]
    turn(p, a, b, 0, 4, 1, 5)
    turn(q, c, d, 0, 4, 1, 5)
    turn(r, a, b, 2, 6, 3, 7)
    turn(s, c, d, 2, 6, 3, 7)
    turn(a, p, q, 0, 1, 4, 5)
    turn(b, p, q, 2, 3, 6, 7)
    turn(c, r, s, 0, 1, 4, 5)
    turn(d, r, s, 2, 3, 6, 7)
    counts.forEach((count, k) => storeUniforms(f, dtype, drawn[k]!, at, k * stride, count))
  }
  const advance = (local: number, by: number): void => void f.get(local).i32(by).op("i32.add").set(local)

  const group = (lanes: number): void => {
    const several = (count: number): ReadonlyArray<number> => Array.from({ length: lanes }, () => count)
    const whole = Math.floor(event / 4)
    f.get(locals.out).set(at)
    f.for(counter, 0, whole, 1, () => {
      draw(several(4), event * bytes)
      advance(at, 4 * bytes)
    })
    f.i32(whole).set(counter)
    if (event % 4 > 0) draw(several(event % 4), event * bytes)
    advance(locals.out, lanes * event * bytes)
  }
  const ofColumns = (): void => {
    const whole = columns - (columns % 4)
    f.for(column, 0, whole, 4, () => group(4))
    f.i32(whole).set(column)
    if (columns % 4 > 0) group(columns % 4)
  }
  const ofEvent = (): void => {
    const whole = Math.floor(event / 16) * 4
    const rest = event % 16
    f.get(locals.out).set(at)
    f.for(counter, 0, whole, 4, () => {
      draw([4, 4, 4, 4], 4 * bytes)
      advance(at, 16 * bytes)
    })
    f.i32(whole).set(counter)
    if (rest > 0)
      draw(
        Array.from({ length: Math.ceil(rest / 4) }, (_, k) => Math.min(rest - 4 * k, 4)),
        4 * bytes
      )
    advance(locals.out, event * bytes)
  }
  f.for(slab, 0, slabs, 1, () =>
    f.for(row, 0, rows, 1, () => {
      if (overColumns) ofColumns()
      else f.for(column, 0, columns, 1, ofEvent)
    })
  )
}
