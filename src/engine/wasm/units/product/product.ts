/** Matrix products as units. */
import type { Computation } from "../../plan/computation.ts"
import { viewsOf } from "../../plan/computation.ts"
import type { Nest } from "../../plan/nest.ts"
import { bytesOf, keyOf, keyOfNest } from "../../plan/nest.ts"
import type { View } from "../../plan/view.ts"
import type { Place, Unit } from "../../unit.ts"
import { operationsOf } from "../group.ts"
import type { PlacedNest } from "../parts.ts"
import { cuts, leastWork, partOf, reachOf } from "../parts.ts"
import type { Layout, Product } from "./plan.ts"
import { highest, planOf, workspaceOf } from "./plan.ts"
import { writeProduct } from "./write.ts"

const layoutOf = (v: View, bytes: number): Layout => ({ row: v.strides.at(-2)! * bytes, column: v.strides.at(-1)! * bytes })

/** Where a product's factors stand, and what becomes of its elements: they are stored, or followed by a nest. */
interface Placed {
  readonly product: Product
  readonly left: Place
  readonly right: Place
  readonly result: Place | PlacedNest
}

/** `epilogue` is computed of the elements, which are not stored themselves. */
export const productUnit = (value: number, c: Computation, epilogue?: PlacedNest): Unit => {
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
  const placeOf = (v: View): Place => ({ value: v.value, offset: v.offset * bytes })
  return placedUnit({ product, left: placeOf(a), right: placeOf(b), result: epilogue ?? { value, offset: 0 } })
}

const flopsOf = ({ batches, M, K, N }: Product): number => 2 * batches * M * K * N

const placedUnit = (placed: Placed): Unit => {
  const { product, left, right, result } = placed
  const { batches, M, K, N } = product
  const follows = "nest" in result ? { ...result, nest: behind(result.nest, 2) } : undefined
  return {
    name: "product",
    get label() {
      const sizes = `${batches > 1 ? `${batches} of ` : ""}${M} × ${K} × ${N}`
      return follows === undefined ? sizes : `${sizes}: ${operationsOf(follows.nest)}`
    },
    flops: flopsOf(product) + (follows === undefined ? 0 : M * N * follows.nest.members.length),
    reads: [left, right, ...(follows?.reads ?? [])],
    writes: "nest" in result ? result.writes : [result],
    workspace: workspaceOf(product),
    key: `${keyOf(product)} ${follows === undefined ? "" : keyOfNest(follows.nest)}`,
    write: (f, functions) => writeProduct(f, functions, product, follows?.nest),
    split: (parts) => split(placed, parts)
  }
}

/** The nest with `count` parameters more in front. */
const behind = (nest: Nest, count: number): Nest => {
  const moved = <A extends { readonly pointer: number }>(all: ReadonlyArray<A>): ReadonlyArray<A> =>
    all.map((a) => ({ ...a, pointer: a.pointer + count }))
  return { ...nest, loads: moved(nest.loads), stores: moved(nest.stores) }
}

const flopsInNanosecond = 30

/** Cut along the batches, or the rows of one. */
const split = ({ product, left, right, result }: Placed, parts: number): ReadonlyArray<Unit> | undefined => {
  const { batches, M, K, N } = product
  const { bytes } = planOf(product)
  if (flopsOf(product) < flopsInNanosecond * leastWork) return undefined
  const rows = batches === 1
  if ((rows ? M / highest : batches) < parts) return undefined
  return cuts(rows ? M : batches, parts, rows ? highest : 1).map(([from, to]) => {
    const part = rows ? { ...product, M: to - from } : { ...product, batches: to - from }
    const spanned = (place: Place, stride: number, sizes: ReadonlyArray<number>, strides: ReadonlyArray<number>): Place => {
      const first = place.offset + from * stride
      const [low, high] = reachOf(sizes, strides, bytes)
      return { value: place.value, offset: first, range: [first + low, first + high] }
    }
    const { leftBatch, rightBatch } = product
    const [a, b] = [product.left, product.right]
    return placedUnit({
      product: part,
      left: spanned(left, rows ? a.row : leftBatch, [part.batches, part.M, K], [leftBatch, a.row, a.column]),
      right: spanned(right, rows ? 0 : rightBatch, [part.batches, K, N], [rightBatch, b.row, b.column]),
      result:
        "nest" in result ? partOf(result, 0, [from, to]) : spanned(result, (rows ? N : M * N) * bytes, [part.batches * part.M * N], [bytes])
    })
  })
}
