/** Running sums, the greatest element, and sorting. */
import { showShape, sizeOf, stridesOf } from "../../../graph/shape.ts"
import type { FunctionBuilder } from "../assembler/function.ts"
import type { Computation, Lowered } from "../plan/computation.ts"
import { viewsOf } from "../plan/computation.ts"
import { bytesOf, keyOf } from "../plan/nest.ts"
import type { View } from "../plan/view.ts"
import type { Unit } from "../unit.ts"
import { counted, overElements, whileLoop } from "./loops.ts"
import { loadNumber, storeNumber } from "./scalar.ts"

const except = <A>(xs: ReadonlyArray<A>, d: number): ReadonlyArray<A> => xs.filter((_, i) => i !== d)

export const cumsumUnit = (value: number, c: Computation): Unit => {
  const [x] = viewsOf(c) as [View]
  const { axis, exclusive, backward } = c.attributes as { readonly axis: number; readonly exclusive?: boolean; readonly backward?: boolean }
  const bytes = bytesOf(c.dtype)
  const length = c.shape[axis]!
  const from = x.strides.map((s) => s * bytes)
  const to = stridesOf(c.shape).map((s) => s * bytes)
  const sign = backward === true ? -1 : 1
  const start = (strides: ReadonlyArray<number>): number => (backward === true ? (length - 1) * strides[axis]! : 0)
  return {
    name: "cumsum",
    label: showShape(c.shape),
    flops: sizeOf(c.shape),
    reads: [{ value: x.value, offset: x.offset * bytes }],
    writes: [{ value, offset: 0 }],
    workspace: 0,
    key: keyOf([c.dtype, c.shape, x.strides, axis, exclusive, backward]),
    write: (f) => {
      const sum = f.local("f64")
      overElements(f, except(c.shape, axis), [except(from, axis), except(to, axis)], ([o, p]) => {
        f.f64(0).set(sum)
        overElements(f, [length], [[sign * from[axis]!], [sign * to[axis]!]], ([i, j]) => {
          const place = (): void => void f.get(1).get(p!).op("i32.add").get(j!).op("i32.add").i32(start(to)).op("i32.add")
          if (exclusive === true) {
            place()
            storeNumber(f, c.dtype, sum)
          }
          f.get(sum).get(0).get(o!).op("i32.add").get(i!).op("i32.add").i32(start(from)).op("i32.add")
          loadNumber(f, c.dtype)
          f.op("f64.add").set(sum)
          if (exclusive !== true) {
            place()
            storeNumber(f, c.dtype, sum)
          }
        })
      })
    }
  }
}

/** Index of the first greatest element along an axis. */
export const argmaxUnit = (value: number, c: Computation, { computations }: Lowered): Unit => {
  const [x] = viewsOf(c) as [View]
  const axis = c.attributes["axis"] as number
  const { dtype } = computations[x.value]!
  const bytes = bytesOf(dtype)
  const strides = x.strides.map((s) => s * bytes)
  return {
    name: "argmax",
    label: showShape(x.shape),
    flops: 0,
    reads: [{ value: x.value, offset: x.offset * bytes }],
    writes: [{ value, offset: 0 }],
    workspace: 0,
    key: keyOf([dtype, x.shape, x.strides, axis]),
    write: (f) => {
      const best = f.local("f64")
      const at = f.local("f64")
      const candidate = f.local("f64")
      overElements(f, c.shape, [except(strides, axis), stridesOf(c.shape).map((s) => s * 4)], ([o, out]) => {
        f.f64(0).set(at).get(0).get(o!).op("i32.add")
        loadNumber(f, dtype)
        f.set(best)
        overElements(f, [x.shape[axis]!], [[strides[axis]!], [1]], ([i, k]) => {
          f.get(0).get(o!).op("i32.add").get(i!).op("i32.add")
          loadNumber(f, dtype)
          f.tee(candidate).get(best).op("f64.gt")
          f.if(() => f.get(candidate).set(best).get(k!).op("f64.convert_i32_s").set(at))
        })
        f.get(1).get(out!).op("i32.add")
        storeNumber(f, "i32", at)
      })
    }
  }
}

/**
 * Sorts indices 0 … n − 1 by the numbers they stand for, NaN last, equal ones in their order: merging runs of 1, 2, 4, … from one half of the
 * workspace into the other. Gives the local that holds the sorted half.
 */
const sortedIndices = (f: FunctionBuilder, n: number, number: (index: () => void) => void, workspace: number): number => {
  const [from, to, run, low, i, j, middle, high, k] = Array.from({ length: 9 }, () => f.local("i32")) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number
  ]
  const [a, b] = [f.local("f64"), f.local("f64")]
  const entry = (base: number, index: () => void): FunctionBuilder => {
    f.get(base)
    index()
    return f.i32(2).op("i32.shl").op("i32.add")
  }
  const least = (x: () => void, limit: number): void => {
    x()
    f.i32(limit)
    x()
    f.i32(limit).op("i32.lt_s").select()
  }
  f.get(workspace)
    .set(from)
    .get(workspace)
    .i32(4 * n)
    .op("i32.add")
    .set(to)
  counted(
    f,
    k,
    () => f.i32(0),
    () => f.i32(n),
    () =>
      entry(from, () => f.get(k))
        .get(k)
        .memory("i32.store")
  )
  f.i32(1).set(run)
  whileLoop(
    f,
    () => f.get(run).i32(n).op("i32.lt_s"),
    () => {
      f.i32(0).set(low)
      whileLoop(
        f,
        () => f.get(low).i32(n).op("i32.lt_s"),
        () => {
          least(() => f.get(low).get(run).op("i32.add"), n)
          f.set(middle)
          least(() => f.get(middle).get(run).op("i32.add"), n)
          f.set(high)
          f.get(low).set(i).get(middle).set(j)
          counted(
            f,
            k,
            () => f.get(low),
            () => f.get(high),
            () => {
              const read = (index: number, into: number): void => {
                number(() => entry(from, () => f.get(index)).memory("i32.load"))
                f.set(into)
              }
              const move = (index: number): void => {
                entry(to, () => f.get(k))
                entry(from, () => f.get(index))
                  .memory("i32.load")
                  .memory("i32.store")
                f.get(index).i32(1).op("i32.add").set(index)
              }
              // the right run's number goes first where it is less, or where the left one is NaN and it is not
              f.get(j).get(high).op("i32.ge_s")
              f.if(
                () => f.i32(0),
                () => {
                  f.get(i).get(middle).op("i32.ge_s")
                  f.if(
                    () => f.i32(1),
                    () => {
                      read(i, a)
                      read(j, b)
                      f.get(b).get(a).op("f64.lt").get(a).get(a).op("f64.ne").get(b).get(b).op("f64.eq").op("i32.and").op("i32.or")
                    },
                    "i32"
                  )
                },
                "i32"
              )
              f.if(
                () => move(j),
                () => move(i)
              )
            }
          )
          f.get(high).set(low)
        }
      )
      f.get(from).set(k).get(to).set(from).get(k).set(to)
      f.get(run).i32(1).op("i32.shl").set(run)
    }
  )
  return from
}

/** `sort` and `argsort` along the last axis. */
export const sortUnit = (value: number, c: Computation, { computations }: Lowered): Unit => {
  const [x] = viewsOf(c) as [View]
  const { dtype } = computations[x.value]!
  const bytes = bytesOf(dtype)
  const n = c.shape.at(-1) ?? 1
  const rows = c.shape.slice(0, -1).reduce((a, b) => a * b, 1)
  const places = c.op === "argsort"
  return {
    name: c.op,
    label: showShape(c.shape),
    flops: 0,
    reads: [{ value: x.value, offset: x.offset * bytes }],
    writes: [{ value, offset: 0 }],
    workspace: 8 * n,
    key: keyOf([dtype, rows, n]),
    write: (f) => {
      const out = bytesOf(c.dtype)
      const [k, index] = [f.local("i32"), f.local("i32")]
      const number = f.local("f64")
      overElements(f, [rows], [[n * bytes], [n * out]], ([from, to]) => {
        const numberAt = (at: () => void): void => {
          f.get(0).get(from!).op("i32.add")
          at()
          f.i32(bytes).op("i32.mul").op("i32.add")
          loadNumber(f, dtype)
        }
        const sorted = sortedIndices(f, n, numberAt, 2)
        counted(
          f,
          k,
          () => f.i32(0),
          () => f.i32(n),
          () => {
            f.get(sorted).get(k).i32(2).op("i32.shl").op("i32.add").memory("i32.load").set(index)
            if (places) f.get(index).op("f64.convert_i32_s")
            else numberAt(() => f.get(index))
            f.set(number).get(1).get(to!).op("i32.add").get(k).i32(out).op("i32.mul").op("i32.add")
            storeNumber(f, c.dtype, number)
          }
        )
      })
    }
  }
}
