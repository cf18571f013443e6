/** Loops written by hand: over strided elements, and with conditions. */
import type { FunctionBuilder } from "../assembler/function.ts"

/** Runs `body` for each index of `sizes`, row-major, with a local for each list of strides that holds Σ index · stride. */
export const overElements = (
  f: FunctionBuilder,
  sizes: ReadonlyArray<number>,
  strides: ReadonlyArray<ReadonlyArray<number>>,
  body: (offsets: ReadonlyArray<number>) => void
): void => {
  const nested = (d: number, before: ReadonlyArray<number | undefined>): void => {
    if (d === sizes.length) {
      body(
        before.map((o) => {
          if (o !== undefined) return o
          const zero = f.local("i32")
          f.i32(0).set(zero)
          return zero
        })
      )
      return
    }
    const moved = strides.map((s, k) => {
      if (s[d] === 0) return before[k]
      const local = f.local("i32")
      if (before[k] === undefined) f.i32(0)
      else f.get(before[k])
      f.set(local)
      return local
    })
    const counter = f.local("i32")
    f.for(counter, 0, sizes[d]!, 1, () => {
      nested(d + 1, moved)
      moved.forEach((local, k) => {
        if (strides[k]![d] !== 0) f.get(local!).i32(strides[k]![d]!).op("i32.add").set(local!)
      })
    })
  }
  nested(
    0,
    strides.map(() => undefined)
  )
}

/** While the condition, an i32 that is pushed, is not 0. */
export const whileLoop = (f: FunctionBuilder, condition: () => void, body: () => void): void => {
  f.block(() =>
    f.loop(() => {
      condition()
      f.op("i32.eqz").brIf(1)
      body()
      f.br(0)
    })
  )
}

/** for (i = from; i < to; i++) with limits that are pushed; `to` is pushed at every turn. */
export const counted = (f: FunctionBuilder, i: number, from: () => void, to: () => void, body: () => void): void => {
  from()
  f.set(i)
  whileLoop(
    f,
    () => {
      f.get(i)
      to()
      f.op("i32.lt_s")
    },
    () => {
      body()
      f.get(i).i32(1).op("i32.add").set(i)
    }
  )
}
