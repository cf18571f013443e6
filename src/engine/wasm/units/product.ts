/**
 * Matrix products. A tile of the result stays in registers while it runs along K: rows of the left factor are spread over lanes, the right
 * factor is read a vector at a time, out of panels [N / nr][K][nr] that it is packed into beforehand where that pays.
 */
import type { FunctionBuilder } from "../assembler/function.ts"
import type { Computation } from "../plan/computation.ts"
import { viewsOf } from "../plan/computation.ts"
import { bytesOf, keyOf } from "../plan/nest.ts"
import type { View } from "../plan/view.ts"
import type { Place, Unit } from "../unit.ts"
import { cuts, leastWork, reachOf } from "./parts.ts"

interface Layout {
  readonly row: number
  readonly column: number
}

interface Product {
  readonly lanes: "f32x4" | "f64x2"
  readonly batches: number
  readonly M: number
  readonly K: number
  readonly N: number
  /** Distances in bytes. */
  readonly left: Layout
  readonly right: Layout
  readonly leftBatch: number
  readonly rightBatch: number
}

/** K is worked on in blocks of this size, so that a panel stays in the first cache. */
const block = 256

const layoutOf = (v: View, bytes: number): Layout => ({ row: v.strides.at(-2)! * bytes, column: v.strides.at(-1)! * bytes })

export const productUnit = (value: number, c: Computation): Unit => {
  const [a, b] = viewsOf(c) as [View, View]
  const bytes = bytesOf(c.dtype)
  const batched = a.shape.length === 3
  const product: Product = {
    lanes: c.dtype === "f64" ? "f64x2" : "f32x4",
    batches: batched ? a.shape[0]! : 1,
    M: a.shape.at(-2)!,
    K: a.shape.at(-1)!,
    N: b.shape.at(-1)!,
    left: layoutOf(a, bytes),
    right: layoutOf(b, bytes),
    leftBatch: batched ? a.strides[0]! * bytes : 0,
    rightBatch: batched ? b.strides[0]! * bytes : 0
  }
  return placedUnit(product, [a, b].map((v) => ({ value: v.value, offset: v.offset * bytes })) as [Place, Place], { value, offset: 0 })
}

const flopsOf = ({ batches, M, K, N }: Product): number => 2 * batches * M * K * N

const placedUnit = (product: Product, factors: readonly [left: Place, right: Place], result: Place): Unit => {
  const { batches, M, K, N } = product
  return {
    name: "product",
    label: `${batches > 1 ? `${batches} of ` : ""}${M} × ${K} × ${N}`,
    flops: flopsOf(product),
    reads: factors,
    writes: [result],
    workspace: workspaceOf(product),
    key: keyOf(product),
    write: (f) => writeProduct(f, product),
    split: (parts) => split(product, factors, result, parts)
  }
}

const flopsInNanosecond = 30

/** Cut along the batches, or the rows of one. */
const split = (
  product: Product,
  [left, right]: readonly [Place, Place],
  { value, offset }: Place,
  parts: number
): ReadonlyArray<Unit> | undefined => {
  const { batches, M, K, N } = product
  const { bytes, mr } = planOf(product)
  if (flopsOf(product) < flopsInNanosecond * leastWork) return undefined
  const rows = batches === 1
  if ((rows ? M / mr : batches) < parts) return undefined
  return cuts(rows ? M : batches, parts, rows ? mr : 1).map(([from, to]) => {
    const part = rows ? { ...product, M: to - from } : { ...product, batches: to - from }
    const spanned = (place: Place, stride: number, sizes: ReadonlyArray<number>, strides: ReadonlyArray<number>): Place => {
      const first = place.offset + from * stride
      const [low, high] = reachOf(sizes, strides, bytes)
      return { value: place.value, offset: first, range: [first + low, first + high] }
    }
    const { leftBatch, rightBatch } = product
    return placedUnit(
      part,
      [
        spanned(left, rows ? product.left.row : leftBatch, [part.batches, part.M, K], [leftBatch, product.left.row, product.left.column]),
        spanned(right, rows ? 0 : rightBatch, [part.batches, K, N], [rightBatch, product.right.row, product.right.column])
      ],
      spanned({ value, offset }, (rows ? N : M * N) * bytes, [part.batches * part.M * N], [bytes])
    )
  })
}

interface Plan {
  readonly bytes: number
  readonly width: number
  /** Vectors and elements of a panel, rows of a tile. */
  readonly vectors: number
  readonly nr: number
  readonly mr: number
  readonly packRight: boolean
  readonly packLeft: boolean
  readonly rightBytes: number
  readonly leftBytes: number
}

const planOf = ({ lanes, M, K, N, left, right }: Product): Plan => {
  const width = lanes === "f32x4" ? 4 : 2
  const bytes = 16 / width
  const vectors = N <= width ? 1 : 2
  const nr = vectors * width
  const mr = vectors === 1 ? 8 : 6
  const packRight = right.column !== bytes || M >= 16
  const packLeft = left.row === bytes && left.column !== bytes && K >= 64 && N >= 4 * nr
  return {
    bytes,
    width,
    vectors,
    nr,
    mr,
    packRight,
    packLeft,
    rightBytes: packRight ? Math.ceil(N / nr) * nr * K * bytes : 0,
    leftBytes: packLeft ? Math.ceil(M / mr) * mr * K * bytes + 16 : 0
  }
}

const workspaceOf = (p: Product): number => {
  const { leftBytes, rightBytes } = planOf(p)
  return leftBytes + rightBytes
}

const [leftParam, rightParam, outParam, workParam] = [0, 1, 2, 3] as const

const writeProduct = (f: FunctionBuilder, p: Product): void => {
  const plan = planOf(p)
  const { batches, M, K, N, lanes, left, right } = p
  const { bytes, width, vectors, nr, mr, packLeft, packRight, rightBytes } = plan
  const [batch, pa, pb, pc, a, b, k, i, j, kBlock, panelLeft, panelRight] = Array.from({ length: 12 }, () =>
    f.local("i32")
  ) as Array<number> as [number, number, number, number, number, number, number, number, number, number, number, number]
  const sums = Array.from({ length: mr * vectors }, () => f.local("v128"))
  const columns = Array.from({ length: vectors }, () => f.local("v128"))
  const spread = f.local("v128")
  const splat = bytes === 4 ? "v128.load32_splat" : "v128.load64_splat"

  // where a tile finds its factors
  const leftRow = packLeft ? bytes : left.row
  const leftStep = packLeft ? mr * bytes : left.column
  const leftTile = packLeft ? K * mr * bytes : mr * left.row
  const rightStep = packRight ? nr * bytes : right.row
  const rightPanel = packRight ? K * nr * bytes : nr * bytes
  const blocks = Math.ceil(K / block)

  const storeLanes = (vector: number, count: number, offset: number): void => {
    if (count === width) {
      f.get(pc).get(vector)
      if (blocks > 1) f.get(pc).memory("v128.load", offset).op(`${lanes}.add`)
      f.memory("v128.store", offset)
      return
    }
    if (blocks > 1) f.get(pc).memory("v128.load", offset).get(vector).op(`${lanes}.add`).set(vector)
    if (count * bytes >= 8) f.get(pc).get(vector).laneMemory("v128.store64_lane", 0, offset)
    if ((count * bytes) % 8 === 4)
      f.get(pc)
        .get(vector)
        .laneMemory("v128.store32_lane", count - 1, offset + (count - 1) * bytes)
  }

  /** `rows` × `count` sums along `length` steps of K from pa and pb. */
  const tile = (rows: number, count: number, length: number): void => {
    const used = Math.ceil(count / width)
    for (let s = 0; s < rows * used; s++) f.splat(lanes, 0).set(sums[s]!)
    f.get(pa).set(a).get(pb).set(b)
    const step = (at: number): void => {
      for (let v = 0; v < used; v++)
        f.get(b)
          .memory("v128.load", at * rightStep + 16 * v)
          .set(columns[v]!)
      for (let r = 0; r < rows; r++) {
        f.get(a)
          .memory(splat, r * leftRow + at * leftStep)
          .set(spread)
        for (let v = 0; v < used; v++)
          f.get(spread)
            .get(columns[v]!)
            .get(sums[r * used + v]!)
            .madd(lanes)
            .set(sums[r * used + v]!)
      }
    }
    const unroll = Math.min(4, length)
    const turns = Math.floor(length / unroll)
    const turn = (): void => {
      for (let at = 0; at < unroll; at++) step(at)
    }
    const advance = (): void =>
      void f
        .get(a)
        .i32(unroll * leftStep)
        .op("i32.add")
        .set(a)
        .get(b)
        .i32(unroll * rightStep)
        .op("i32.add")
        .set(b)
    if (turns === 1) turn()
    else
      f.for(k, 0, turns, 1, () => {
        turn()
        advance()
      })
    if (turns === 1 && length > unroll) advance()
    for (let at = 0; at < length - turns * unroll; at++) step(at)
    for (let r = 0; r < rows; r++)
      for (let v = 0; v < used; v++) storeLanes(sums[r * used + v]!, Math.min(width, count - v * width), r * N * bytes + 16 * v)
  }

  const panel = (count: number, length: number): void => {
    f.get(panelLeft).set(pa)
    const out = (): void =>
      void f
        .get(pc)
        .i32(mr * N * bytes)
        .op("i32.add")
        .set(pc)
        .get(pa)
        .i32(leftTile)
        .op("i32.add")
        .set(pa)
    f.for(i, 0, Math.floor(M / mr), 1, () => {
      tile(mr, count, length)
      out()
    })
    if (M % mr > 0) tile(M % mr, count, length)
  }

  const panels = (length: number): void => {
    f.get(panelRight).set(pb)
    f.for(j, 0, Math.floor(N / nr), 1, () => {
      f.get(outParam)
        .get(j)
        .i32(nr * bytes)
        .op("i32.mul")
        .op("i32.add")
        .set(pc)
      panel(nr, length)
      f.get(pb).i32(rightPanel).op("i32.add").set(pb)
    })
    if (N % nr > 0) {
      f.get(outParam)
        .i32(Math.floor(N / nr) * nr * bytes)
        .op("i32.add")
        .set(pc)
      panel(N % nr, length)
    }
  }

  const pack = (): void => {
    if (packRight) {
      const source = f.local("i32")
      const target = f.local("i32")
      f.get(workParam).set(target)
      const packed = (count: number): void => {
        f.for(k, 0, K, 1, () => {
          for (let v = 0; v < vectors; v++) {
            const lanesHere = Math.min(width, count - v * width)
            if (lanesHere <= 0) break
            if (right.column === bytes)
              f.get(target)
                .get(source)
                .memory("v128.load", 16 * v)
                .memory("v128.store", 16 * v)
            else {
              f.get(source)
                .memory(bytes === 4 ? "v128.load32_zero" : "v128.load64_zero", v * width * right.column)
                .set(spread)
              for (let l = 1; l < lanesHere; l++)
                f.get(source)
                  .get(spread)
                  .laneMemory(bytes === 4 ? "v128.load32_lane" : "v128.load64_lane", l, (v * width + l) * right.column)
                  .set(spread)
              f.get(target)
                .get(spread)
                .memory("v128.store", 16 * v)
            }
          }
          f.get(source)
            .i32(right.row)
            .op("i32.add")
            .set(source)
            .get(target)
            .i32(nr * bytes)
            .op("i32.add")
            .set(target)
        })
      }
      f.for(j, 0, Math.floor(N / nr), 1, () => {
        f.get(rightParam)
          .get(j)
          .i32(nr * right.column)
          .op("i32.mul")
          .op("i32.add")
          .set(source)
        packed(nr)
      })
      if (N % nr > 0) {
        f.get(rightParam)
          .i32(Math.floor(N / nr) * nr * right.column)
          .op("i32.add")
          .set(source)
        packed(N % nr)
      }
    }
    if (packLeft) {
      const source = f.local("i32")
      const target = f.local("i32")
      f.get(workParam).i32(rightBytes).op("i32.add").set(target)
      f.for(i, 0, Math.ceil(M / mr), 1, () => {
        f.get(leftParam)
          .get(i)
          .i32(mr * bytes)
          .op("i32.mul")
          .op("i32.add")
          .set(source)
        f.for(k, 0, K, 1, () => {
          for (let o = 0; o < mr * bytes; o += 16) {
            if (o + 16 <= mr * bytes) f.get(target).get(source).memory("v128.load", o).memory("v128.store", o)
            else f.get(target).get(source).memory("i64.load", o).memory("i64.store", o)
          }
          f.get(source)
            .i32(left.column)
            .op("i32.add")
            .set(source)
            .get(target)
            .i32(mr * bytes)
            .op("i32.add")
            .set(target)
        })
      })
    }
  }

  const once = (): void => {
    pack()
    if (packLeft) f.get(workParam).i32(rightBytes).op("i32.add").set(panelLeft)
    else f.get(leftParam).set(panelLeft)
    f.get(packRight ? workParam : rightParam).set(panelRight)
    if (K === 0 || blocks > 1)
      f.get(outParam)
        .i32(0)
        .i32(M * N * bytes)
        .fill()
    if (blocks <= 1) panels(K)
    else {
      f.for(kBlock, 0, Math.floor(K / block), 1, () => {
        panels(block)
        f.get(panelLeft)
          .i32(block * leftStep)
          .op("i32.add")
          .set(panelLeft)
          .get(panelRight)
          .i32(block * rightStep)
          .op("i32.add")
          .set(panelRight)
      })
      if (K % block > 0) panels(K % block)
    }
  }

  if (batches === 1) once()
  else
    f.for(batch, 0, batches, 1, () => {
      once()
      f.get(leftParam).i32(p.leftBatch).op("i32.add").set(leftParam).get(rightParam).i32(p.rightBatch).op("i32.add").set(rightParam)
      f.get(outParam)
        .i32(M * N * bytes)
        .op("i32.add")
        .set(outParam)
    })
}
