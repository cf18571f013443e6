/** Uniform noise: the same bits as `noiseWords` gives. */
import { sizeOf } from "../../../graph/shape.ts"
import type { Key } from "../../../random/key.ts"
import { fold } from "../../../random/key.ts"
import type { FunctionBuilder } from "../assembler/function.ts"
import type { Computation } from "../plan/computation.ts"
import { viewsOf } from "../plan/computation.ts"
import { bytesOf, keyOf } from "../plan/nest.ts"
import type { Functions, Unit } from "../unit.ts"
import { storeNumber } from "./scalar.ts"

/** Philox4x32-10 of a counter and a key, six i32, as four i32. */
const writePhilox = (f: FunctionBuilder): void => {
  const [c0, c1, c2, c3, k0, k1] = [0, 1, 2, 3, 4, 5] as const
  const [p, q] = [f.local("i64"), f.local("i64")]
  const round = f.local("i32")
  const product = (counter: number, by: bigint, into: number): void =>
    void f.get(counter).op("i64.extend_i32_u").i64(by).op("i64.mul").set(into)
  const high = (x: number): FunctionBuilder => f.get(x).i64(32n).op("i64.shr_u").op("i32.wrap_i64")
  f.for(round, 0, 10, 1, () => {
    product(c0, 0xd2511f53n, p)
    product(c2, 0xcd9e8d57n, q)
    high(q).get(c1).op("i32.xor").get(k0).op("i32.xor").set(c0)
    f.get(q).op("i32.wrap_i64").set(c1)
    high(p).get(c3).op("i32.xor").get(k1).op("i32.xor").set(c2)
    f.get(p).op("i32.wrap_i64").set(c3)
    f.get(k0).i32(0x9e3779b9).op("i32.add").set(k0).get(k1).i32(0xbb67ae85).op("i32.add").set(k1)
  })
  for (const c of [c0, c1, c2, c3]) f.get(c)
}

const philox = (functions: Functions): number =>
  functions.shared("philox", ["i32", "i32", "i32", "i32", "i32", "i32"], ["i32", "i32", "i32", "i32"], writePhilox)

/** The last counter word of keys that are folded with a number: see key.ts. */
const numberWord = 1

interface KeyLocals {
  readonly hi: number
  readonly lo: number
}

/** Folds the key in `from` with the number that is pushed first into `to`. */
const writeFold = (f: FunctionBuilder, functions: Functions, from: KeyLocals, number: () => void, to: KeyLocals): void => {
  number()
  f.i32(0).i32(0).i32(numberWord).get(from.lo).get(from.hi).call(philox(functions)).drop().drop().set(to.hi).set(to.lo)
}

export const uniformUnit = (value: number, c: Computation): Unit => {
  const { stream, axes, event } = c.attributes as { readonly stream: string; readonly axes: ReadonlyArray<string>; readonly event: number }
  const rank = c.shape.length - event
  const names: Key = axes.reduce((key, name) => fold(key, name), fold({ hi: 0, lo: 0 }, stream))
  const eventSize = sizeOf(c.shape.slice(rank))
  const sizes = [1, 1, 1, ...c.shape.slice(0, rank)]
  const outer = sizes.slice(3, -3)
  const [slabs, rows, columns] = sizes.slice(-3) as [number, number, number]
  const [key] = viewsOf(c)
  const bytes = bytesOf(c.dtype)
  return {
    name: "uniform",
    reads: [{ value: key!.value, offset: key!.offset * 4 }],
    writes: [{ value, offset: 0 }],
    workspace: 0,
    key: keyOf([c.dtype, names, c.shape, event]),
    write: (f, functions) => {
      const locals = (): KeyLocals => ({ hi: f.local("i32"), lo: f.local("i32") })
      const out = f.local("i32")
      const number = f.local("f64")
      const words = Array.from({ length: 4 }, () => f.local("i32"))
      const start = locals()
      f.get(0).memory("i32.load").set(start.hi).get(0).memory("i32.load", 4).set(start.lo)
      writeFold(f, functions, start, () => f.get(0).memory("i32.load", 8), start)
      writeFold(f, functions, start, () => f.i32(names.lo), start)
      writeFold(f, functions, start, () => f.i32(names.hi), start)
      f.get(1).set(out)

      const inner = (k: KeyLocals): void => {
        const [slab, row, column, e] = Array.from({ length: 4 }, () => f.local("i32")) as [number, number, number, number]
        const draw = (count: number): void => {
          f.get(e).get(column).get(row).get(slab).get(k.lo).get(k.hi).call(philox(functions))
          for (const w of words.toReversed()) f.set(w)
          for (let i = 0; i < count; i++) {
            f.get(words[i]!)
              .i32(9)
              .op("i32.shr_u")
              .op("f64.convert_i32_u")
              .f64(0.5)
              .op("f64.add")
              .f64(2 ** -23)
              .op("f64.mul")
              .set(number)
            f.get(out)
            storeNumber(f, c.dtype, number, i * bytes)
          }
          f.get(out)
            .i32(count * bytes)
            .op("i32.add")
            .set(out)
        }
        const whole = Math.floor(eventSize / 4)
        f.for(slab, 0, slabs, 1, () =>
          f.for(row, 0, rows, 1, () =>
            f.for(column, 0, columns, 1, () => {
              f.for(e, 0, whole, 1, () => draw(4))
              if (eventSize % 4 > 0) {
                f.i32(whole).set(e)
                draw(eventSize % 4)
              }
            })
          )
        )
      }
      const nested = (depth: number, k: KeyLocals): void => {
        if (depth === outer.length) return inner(k)
        const at = f.local("i32")
        const folded = locals()
        f.for(at, 0, outer[depth]!, 1, () => {
          writeFold(f, functions, k, () => f.get(at), folded)
          nested(depth + 1, folded)
        })
      }
      nested(0, start)
    }
  }
}
