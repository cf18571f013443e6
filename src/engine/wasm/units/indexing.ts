/** Looking up by index. */
import { showShape, sizeOf, stridesOf } from "../../../graph/shape.ts"
import type { FunctionBuilder } from "../assembler/function.ts"
import type { Computation } from "../plan/computation.ts"
import { viewsOf } from "../plan/computation.ts"
import { bytesOf, keyOf } from "../plan/nest.ts"
import type { View } from "../plan/view.ts"
import type { Place, Unit } from "../unit.ts"
import { overElements } from "./loops.ts"
import { loadNumber, storeNumber } from "./scalar.ts"

const placeOf = (v: View, bytes: number): Place => ({ value: v.value, offset: v.offset * bytes })

/** Whether the local, an index, is inside [0, length): a condition. */
const isInside = (f: FunctionBuilder, index: number, length: number): void => void f.get(index).i32(length).op("i32.lt_u")

/** [B, P, D, Q] at [B, I] → [B, P, I, Q]; NaN, or 0 among integers, where the index is outside. */
export const takeUnit = (value: number, c: Computation): Unit => {
  const [x, index] = viewsOf(c) as [View, View]
  const [B, P, I, Q] = c.shape as [number, number, number, number]
  const D = x.shape[2]!
  const bytes = bytesOf(c.dtype)
  const scaled = x.strides.map((s) => s * bytes)
  return {
    name: "take",
    label: showShape(c.shape),
    flops: 0,
    reads: [placeOf(x, bytes), placeOf(index, 4)],
    writes: [{ value, offset: 0 }],
    workspace: 0,
    key: keyOf([c.dtype, c.shape, D, x.strides, index.strides]),
    write: (f) => {
      const k = f.local("i32")
      const number = f.local("f64")
      const strides = [
        [scaled[0]!, scaled[1]!, 0],
        [index.strides[0]! * 4, 0, index.strides[1]! * 4],
        stridesOf([B, P, I]).map((s) => s * Q * bytes)
      ]
      overElements(f, [B, P, I], strides, ([from, at, to]) => {
        f.get(1).get(at!).op("i32.add").memory("i32.load").set(k)
        const source = f.local("i32")
        f.get(from!).get(k).i32(scaled[2]!).op("i32.mul").op("i32.add").set(source)
        overElements(f, [Q], [[scaled[3]!], [bytes]], ([step, out]) => {
          isInside(f, k, D)
          f.if(
            () => {
              f.get(0).get(source).op("i32.add").get(step!).op("i32.add")
              loadNumber(f, c.dtype)
            },
            () => f.f64(NaN),
            "f64"
          )
          f.set(number).get(2).get(to!).op("i32.add").get(out!).op("i32.add")
          storeNumber(f, c.dtype, number)
        })
      })
    }
  }
}

/** [B, P, I, Q] added up at [B, I] → [B, P, length, Q]; what points outside is left out. */
export const putUnit = (value: number, c: Computation): Unit => {
  const [x, index] = viewsOf(c) as [View, View]
  const [B, P, I, Q] = x.shape as [number, number, number, number]
  const D = c.shape[2]!
  const bytes = bytesOf(c.dtype)
  const scaled = x.strides.map((s) => s * bytes)
  return {
    name: "put",
    label: showShape(c.shape),
    flops: sizeOf(x.shape),
    reads: [placeOf(x, bytes), placeOf(index, 4)],
    writes: [{ value, offset: 0 }],
    workspace: 0,
    key: keyOf([c.dtype, c.shape, x.shape, x.strides, index.strides]),
    write: (f) => {
      const k = f.local("i32")
      const number = f.local("f64")
      f.get(2)
        .i32(0)
        .i32(sizeOf(c.shape) * bytes)
        .fill()
      const strides = [scaled.slice(0, 3), [index.strides[0]! * 4, 0, index.strides[1]! * 4], [P * D * Q * bytes, D * Q * bytes, 0]]
      overElements(f, [B, P, I], strides, ([from, at, to]) => {
        f.get(1).get(at!).op("i32.add").memory("i32.load").set(k)
        isInside(f, k, D)
        f.if(() => {
          const target = f.local("i32")
          f.get(2)
            .get(to!)
            .op("i32.add")
            .get(k)
            .i32(Q * bytes)
            .op("i32.mul")
            .op("i32.add")
            .set(target)
          overElements(f, [Q], [[scaled[3]!], [bytes]], ([step, out]) => {
            f.get(0).get(from!).op("i32.add").get(step!).op("i32.add")
            loadNumber(f, c.dtype)
            f.get(target).get(out!).op("i32.add")
            loadNumber(f, c.dtype)
            f.op("f64.add").set(number).get(target).get(out!).op("i32.add")
            storeNumber(f, c.dtype, number)
          })
        })
      })
    }
  }
}

/** `on` at the index along a new last dimension, `off` elsewhere. */
export const onehotUnit = (value: number, c: Computation): Unit => {
  const { depth, on, off } = c.attributes as { readonly depth: number; readonly on: number; readonly off: number }
  const bytes = bytesOf(c.dtype)
  const count = sizeOf(c.shape) / depth
  return {
    name: "onehot",
    label: showShape(c.shape),
    flops: 0,
    reads: [placeOf(viewsOf(c)[0]!, 4)],
    writes: [{ value, offset: 0 }],
    workspace: 0,
    key: keyOf([c.dtype, count, depth, on, off]),
    write: (f) => {
      const number = f.local("f64")
      overElements(
        f,
        [count, depth],
        [
          [4, 0],
          [depth * bytes, bytes],
          [0, 1]
        ],
        ([at, out, k]) => {
          f.f64(on).f64(off).get(0).get(at!).op("i32.add").memory("i32.load").get(k!).op("i32.eq").select().set(number)
          f.get(1).get(out!).op("i32.add")
          storeNumber(f, c.dtype, number)
        }
      )
    }
  }
}
