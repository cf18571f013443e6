/** A fused group as a unit. */
import { broadcastStrides, keepDims, stridesOf } from "../../../graph/shape.ts"
import type { DType } from "../../../graph/types.ts"
import type { Computation, Lowered } from "../plan/computation.ts"
import { isFill, viewsOf } from "../plan/computation.ts"
import type { Group } from "../plan/fuse.ts"
import { isIdentity } from "../plan/fuse.ts"
import type { Access, Argument, Combine, Dimension, Lanes, Member, Nest, Reduction, Store } from "../plan/nest.ts"
import { bytesOf, keyOfNest } from "../plan/nest.ts"
import { sizesOf, stridesIn } from "../plan/space.ts"
import { vectorDimension } from "../plan/vector.ts"
import type { View } from "../plan/view.ts"
import { whole } from "../plan/view.ts"
import type { Place, Unit } from "../unit.ts"
import { isVectorised } from "./lanes.ts"
import { writeNest } from "./nest/nest.ts"
import { sweptWorkspace } from "./nest/swept.ts"
import type { PlacedNest } from "./parts.ts"
import { splitNest } from "./parts.ts"

const lanesOf = (kind: Group["kind"], members: ReadonlyArray<Computation>, dtypes: (c: Computation) => ReadonlyArray<DType>): Lanes => {
  if (members.some((c) => c.op !== "reduce" && !isVectorised(c.op, c.dtype, dtypes(c)))) return "f64"
  if (kind !== "integer") return kind === "f64" ? "f64x2" : "f32x4"
  const all = members.flatMap((c) => [c.dtype, ...dtypes(c)])
  return all.includes("f64") || all.includes("u32") ? "f64" : "f32x4"
}

/** `isRead`: whether a value is read outside the group. */
export const groupUnit = (group: Group, lowered: Lowered, isRead: (value: number) => boolean): Unit =>
  nestUnit(nestOf(group, lowered, isRead))

/** The nest of a group: all its members, or those that follow a product. */
export const nestOf = (group: Group, { computations }: Lowered, isRead: (value: number) => boolean): PlacedNest => {
  const product = group.single ? group.members[0] : undefined
  const members = group.members.filter((m) => m !== product && computations[m]!.op !== "reduce")
  const reduced = group.members.filter((m) => computations[m]!.op === "reduce")
  const sizes = sizesOf(group.space, group.size)
  const reads: Array<Place> = []
  const loads: Array<Access> = []
  const seen = new Map<string, number>()
  const argument = (view: View): Argument => {
    const { dtype } = computations[view.value]!
    if (view.value === product) return { product: dtype }
    const member = members.indexOf(view.value)
    if (member >= 0 && isIdentity(view, group.size)) return { member }
    const bytes = bytesOf(dtype)
    const place = { value: view.value, offset: view.offset * bytes }
    const strides = stridesIn(view, sizes).map((s) => s * bytes)
    const key = `${place.value} ${place.offset} ${strides}`
    const known = seen.get(key)
    if (known !== undefined) return { load: known }
    let pointer = reads.findIndex((p) => p.value === place.value && p.offset === place.offset)
    if (pointer < 0) pointer = reads.push(place) - 1
    seen.set(key, loads.length)
    return { load: loads.push({ pointer, dtype, strides }) - 1 }
  }
  const operands = (c: Computation): ReadonlyArray<Argument> => c.operands.map((o) => (isFill(o) ? o : argument(o)))
  const nestMembers = members.map((m): Member => {
    const c = computations[m]!
    return { op: c.op, operands: operands(c), dtype: c.dtype }
  })
  const terms = reduced.map((m) => operands(computations[m]!)[0]!)

  const writes: Array<Place> = []
  const written = (value: number): number => reads.length + writes.push({ value, offset: 0 }) - 1
  const stored = members.filter(isRead)
  const stores = stored.map((m): Store => {
    const c = computations[m]!
    const strides = stridesIn(whole(m, c.shape), sizes).map((s) => s * bytesOf(c.dtype))
    return { pointer: written(m), dtype: c.dtype, strides, from: members.indexOf(m) }
  })
  const reductions = reduced.map((m, i): Reduction => {
    const c = computations[m]!
    const { shape, value } = viewsOf(c)[0]!
    const kept = keepDims(shape, c.attributes["axes"] as ReadonlyArray<number>)
    const strides = stridesIn({ shape, strides: broadcastStrides(kept, shape) }, sizes).map((s) => s * bytesOf(c.dtype))
    return {
      pointer: written(m),
      dtype: c.dtype,
      strides,
      by: c.attributes["by"] as Combine,
      from: terms[i]!,
      source: computations[value]!.dtype
    }
  })
  const dimensions = dimensionsOf(sizes, reduced.length === 0 ? undefined : computations[reduced[0]!]!)
  const dtypes = (c: Computation): ReadonlyArray<DType> => c.operands.map((o) => (isFill(o) ? o.dtype : computations[o.value]!.dtype))
  const lanes = lanesOf(
    group.kind,
    [...members, ...reduced].map((m) => computations[m]!),
    dtypes
  )
  const loops = { lanes, dimensions, loads, members: nestMembers, stores, reductions }
  return { nest: { ...loops, vector: product === undefined ? vectorDimension(loops) : 1 }, reads, writes }
}

const nestUnit = ({ nest, reads, writes }: PlacedNest): Unit => ({
  name: "elementwise",
  get label() {
    return labelOf(nest)
  },
  flops: nest.dimensions.reduce((n, d) => n * d.size, nest.members.length + nest.reductions.length),
  reads,
  writes,
  workspace: sweptWorkspace(nest),
  key: keyOfNest(nest),
  write: (f, functions) => writeNest(nest, f, functions),
  inPlace: inPlaceOf({ nest, reads, writes }),
  split: (parts) => splitNest({ nest, reads, writes }, parts)?.map(nestUnit)
})

/** What is stored as what is read stood, where that is read in no other way. */
const inPlaceOf = ({ nest: { loads, stores }, reads, writes }: PlacedNest): ReadonlyArray<readonly [number, number]> =>
  stores.flatMap((s): ReadonlyArray<readonly [number, number]> => {
    const { value, offset } = writes[s.pointer - reads.length]!
    const strides = s.strides.join()
    const alike = (a: Access): boolean => a.strides.join() === strides && reads[a.pointer]!.offset === offset
    const from = loads.find((a) => bytesOf(a.dtype) === bytesOf(s.dtype) && alike(a))
    if (from === undefined) return []
    const read = reads[from.pointer]!.value
    return loads.every((a) => reads[a.pointer]!.value !== read || alike(a)) ? [[read, value]] : []
  })

/** Sizes, those reduced in parentheses, and the operations. */
const labelOf = (nest: Nest): string => {
  const sizes = nest.dimensions.map((d) => (d.reduced ? `(${d.size})` : d.size)).join(" × ")
  return `${sizes === "" ? 1 : sizes}: ${operationsOf(nest)}`
}

export const operationsOf = ({ members, reductions }: Pick<Nest, "members" | "reductions">): string => {
  const counts = new Map<string, number>()
  for (const op of [...members.map((m) => m.op), ...reductions.map((r) => r.by)]) counts.set(op, (counts.get(op) ?? 0) + 1)
  return [...counts].map(([op, n]) => (n === 1 ? op : `${n} ${op}`)).join(", ")
}

const dimensionsOf = (sizes: ReadonlyArray<number>, reduction: Computation | undefined): ReadonlyArray<Dimension> => {
  const real = sizes.length === 1 && sizes[0] === 1 ? [] : sizes
  if (reduction === undefined) return real.map((size) => ({ size, reduced: false }))
  const { shape } = viewsOf(reduction)[0]!
  const axes = reduction.attributes["axes"] as ReadonlyArray<number>
  const dense = stridesOf(shape)
  const marks = stridesIn({ shape, strides: shape.map((_, d) => (axes.includes(d) ? dense[d]! : 0)) }, sizes)
  return real.map((size, d) => ({ size, reduced: marks[d] !== 0 }))
}
