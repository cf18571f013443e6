/** Factors in the order in which tiles read them: the right one in panels [N / nr][K][nr], the left one in tiles [M / height][K][height]. */
import type { FunctionBuilder } from "../../assembler/function.ts"
import type { Plan, Product } from "./plan.ts"
import { tilesOf } from "./plan.ts"

/** Runs `some` on up to `unroll` steps of K at a time, from `source` to `target`, which move on by `from` and `to` bytes a step. */
const along = (
  f: FunctionBuilder,
  K: number,
  unroll: number,
  source: number,
  target: number,
  from: number,
  to: number,
  some: (steps: number) => void
): void => {
  const k = f.local("i32")
  const move = (local: number, by: number): void => void f.get(local).i32(by).op("i32.add").set(local)
  const run = (steps: number): void => {
    some(steps)
    move(source, steps * from)
    move(target, steps * to)
  }
  f.for(k, 0, Math.floor(K / unroll), 1, () => run(unroll))
  if (K % unroll > 0) run(K % unroll)
}

const low = [0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23]
const high = [8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31]
const firsts = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]
const seconds = [8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31]

/** As many columns as a vector has lanes, `apart` bytes apart, to as many rows: stores them `to` bytes apart. */
const transposed = (
  f: FunctionBuilder,
  width: number,
  source: number,
  from: number,
  apart: number,
  store: (row: number, vector: number) => void
): void => {
  const column = Array.from({ length: width }, () => f.local("v128"))
  const both = (a: number, b: number, bytes: ReadonlyArray<number>): void => void f.get(a).get(b).shuffle(bytes)
  column.forEach((c, k) =>
    f
      .get(source)
      .memory("v128.load", from + k * apart)
      .set(c)
  )
  if (width === 4) {
    const [a, b, c, d] = column as [number, number, number, number]
    const turned = [f.local("v128"), f.local("v128"), f.local("v128"), f.local("v128")] as const
    for (const [k, [x, y, bytes]] of (
      [
        [a, b, low],
        [c, d, low],
        [a, b, high],
        [c, d, high]
      ] as const
    ).entries()) {
      both(x, y, bytes)
      f.set(turned[k]!)
    }
    for (const [k, [x, y, bytes]] of (
      [
        [0, 1, firsts],
        [0, 1, seconds],
        [2, 3, firsts],
        [2, 3, seconds]
      ] as const
    ).entries()) {
      both(turned[x], turned[y], bytes)
      f.set(column[k]!)
    }
  } else {
    const [a, b] = column as [number, number]
    const first = f.local("v128")
    both(a, b, firsts)
    f.set(first)
    both(a, b, seconds)
    f.set(b).get(first).set(a)
  }
  column.forEach((c, k) => store(k, c))
}

/** From `source` to `target`, which both are moved. */
const packPanel = (
  f: FunctionBuilder,
  { K, right }: Product,
  { bytes, width, vectors, nr }: Plan,
  count: number,
  source: number,
  target: number
): void => {
  const vector = f.local("v128")
  const full = (v: number): boolean => (v + 1) * width <= count
  const put = (from: number, at: number): void => void f.get(target).get(from).memory("v128.store", at)
  const one = (v: number, from: number, to: number): void => {
    if (right.column === bytes)
      f.get(source)
        .memory("v128.load", from + 16 * v)
        .set(vector)
    else gathered(f, bytes, source, from + v * width * right.column, right.column, Math.min(width, count - v * width), vector)
    put(vector, to + 16 * v)
  }
  const used = Math.ceil(count / width)
  along(f, K, right.column === bytes || right.row === bytes ? 4 : 1, source, target, right.row, nr * bytes, (steps) => {
    for (let v = 0; v < Math.min(vectors, used); v++) {
      let u = 0
      if (right.row === bytes && right.column !== bytes && full(v))
        for (; u + width <= steps; u += width) {
          const first = u
          transposed(f, width, source, u * right.row + v * width * right.column, right.column, (k, c) =>
            put(c, (first + k) * nr * bytes + 16 * v)
          )
        }
      for (; u < steps; u++) one(v, u * right.row, u * nr * bytes)
    }
  })
}

/** Lanes that stand `apart` bytes apart. */
const gathered = (f: FunctionBuilder, bytes: number, source: number, from: number, apart: number, count: number, vector: number): void => {
  const [first, next] =
    bytes === 4 ? (["v128.load32_zero", "v128.load32_lane"] as const) : (["v128.load64_zero", "v128.load64_lane"] as const)
  f.get(source).memory(first, from).set(vector)
  for (let l = 1; l < count; l++)
    f.get(source)
      .get(vector)
      .laneMemory(next, l, from + l * apart)
      .set(vector)
}

export const packRight = (f: FunctionBuilder, product: Product, plan: Plan, rightParam: number, target: number): void => {
  const { N, right } = product
  const source = f.local("i32")
  const j = f.local("i32")
  const panel = (push: () => void, count: number): void => {
    f.get(rightParam)
    push()
    f.op("i32.add").set(source)
    packPanel(f, product, plan, count, source, target)
  }
  const full = Math.floor(N / plan.nr)
  f.for(j, 0, full, 1, () =>
    panel(
      () =>
        void f
          .get(j)
          .i32(plan.nr * right.column)
          .op("i32.mul"),
      plan.nr
    )
  )
  if (N % plan.nr > 0) panel(() => void f.i32(full * plan.nr * right.column), N % plan.nr)
}

/** Copies `size` bytes, a multiple of 4. */
const copied = (f: FunctionBuilder, source: number, target: number, from: number, to: number, size: number): void => {
  let at = 0
  for (; at + 16 <= size; at += 16)
    f.get(target)
      .get(source)
      .memory("v128.load", from + at)
      .memory("v128.store", to + at)
  if (at + 8 <= size) {
    f.get(target)
      .get(source)
      .memory("i64.load", from + at)
      .memory("i64.store", to + at)
    at += 8
  }
  if (at < size)
    f.get(target)
      .get(source)
      .memory("i32.load", from + at)
      .memory("i32.store", to + at)
}

/** A left factor whose rows stand next to each other. */
export const packLeft = (f: FunctionBuilder, product: Product, plan: Plan, leftParam: number, target: number): void => {
  const { K, left } = product
  const { bytes } = plan
  const source = f.local("i32")
  const first = f.local("i32")
  const i = f.local("i32")
  f.get(leftParam).set(first)
  for (const { height, count } of tilesOf(product, plan, plan.vectors))
    f.for(i, 0, count, 1, () => {
      f.get(first).set(source)
      along(f, K, 4, source, target, left.column, height * bytes, (steps) => {
        for (let u = 0; u < steps; u++) copied(f, source, target, u * left.column, u * height * bytes, height * bytes)
      })
      f.get(first)
        .i32(height * bytes)
        .op("i32.add")
        .set(first)
    })
}
