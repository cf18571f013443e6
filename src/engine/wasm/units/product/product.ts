/** Matrix products as units. */
import type { Computation } from "../../plan/computation.ts"
import { viewsOf } from "../../plan/computation.ts"
import { bytesOf, keyOf } from "../../plan/nest.ts"
import type { View } from "../../plan/view.ts"
import type { Place, Unit } from "../../unit.ts"
import { cuts, leastWork, reachOf } from "../parts.ts"
import type { Layout, Product } from "./plan.ts"
import { highest, planOf, workspaceOf } from "./plan.ts"
import { writeProduct } from "./write.ts"

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
