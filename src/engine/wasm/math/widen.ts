/** From four float32 lanes to twice two float64 lanes, and back. */
import { Lanes } from "./lanes.ts"
import type { Vector } from "./lanes.ts"

type Halves = readonly [low: Vector, high: Vector]

const bytes = (...words: ReadonlyArray<number>): ReadonlyArray<number> => words.flatMap((w) => [4 * w, 4 * w + 1, 4 * w + 2, 4 * w + 3])

export const widen = (m: Lanes, x: Vector): Halves => {
  m.push(x)
  m.f.op("f64x2.promote_low_f32x4")
  const low = m.pop()
  m.push(x, x)
  m.f.shuffle(bytes(2, 3, 2, 3)).op("f64x2.promote_low_f32x4")
  return [low, m.pop()]
}

export const narrow = (m: Lanes, [low, high]: Halves): Vector => {
  m.push(low)
  m.f.op("f32x4.demote_f64x2_zero")
  m.push(high)
  m.f.op("f32x4.demote_f64x2_zero").shuffle(bytes(0, 1, 4, 5))
  return m.pop()
}

/** The lower words of 64-bit integers. */
export const lowWords = (m: Lanes, [low, high]: Halves): Vector => {
  m.push(low, high)
  m.f.shuffle(bytes(0, 2, 4, 6))
  return m.pop()
}

/** Float32 lanes by way of float64. */
export const inDouble = (
  m: Lanes,
  write: (d: Lanes, ...inputs: ReadonlyArray<Vector>) => Vector,
  ...inputs: ReadonlyArray<Vector>
): Vector => {
  const d = new Lanes(m.f, "f64")
  const halves = inputs.map((x) => widen(m, x))
  return narrow(m, [write(d, ...halves.map(([low]) => low)), write(d, ...halves.map(([, high]) => high))])
}
