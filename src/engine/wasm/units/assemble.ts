/** A value put together from parts. */
import { showShape, sizeOf } from "../../../graph/shape.ts"
import { isFloat } from "../../../graph/types.ts"
import type { Computation, Lowered, Part } from "../plan/computation.ts"
import { isFill } from "../plan/computation.ts"
import type { Nest } from "../plan/nest.ts"
import { bytesOf, keyOfNest } from "../plan/nest.ts"
import { common, sizesOf, spaceOf, stridesIn } from "../plan/space.ts"
import { broadcastView, sliceView, whole } from "../plan/view.ts"
import { vectorDimension } from "../plan/vector.ts"
import type { Place, Unit } from "../unit.ts"
import { isVectorised } from "./lanes.ts"
import { writeNest } from "./nest/nest.ts"

/** A function takes at most 1,000 addresses, two a part. */
const mostParts = 400

/** Parts from `from` on: what no part covers is set to 0 with the first. */
export const assembleUnits = (value: number, c: Computation, lowered: Lowered, from = 0): ReadonlyArray<Unit> => {
  const parts = c.attributes["parts"] as ReadonlyArray<Part>
  const first = assembleUnit(value, c, lowered, from, Math.min(parts.length, from + mostParts))
  return parts.length <= from + mostParts ? [first] : [first, ...assembleUnits(value, c, lowered, from + mostParts)]
}

const assembleUnit = (value: number, c: Computation, { computations }: Lowered, from: number, to: number): Unit => {
  const parts = (c.attributes["parts"] as ReadonlyArray<Part>).slice(from, to)
  const operands = c.operands.slice(from, to)
  const clears = from === 0 && !(c.attributes["covered"] as boolean)
  const bytes = bytesOf(c.dtype)
  const reads: Array<Place> = []
  const writes: Array<Place> = [{ value, offset: 0 }]
  const pointers = operands.filter((o) => !isFill(o)).length
  const nests = parts.map((part, k): Nest => {
    const operand = operands[k]!
    const target = sliceView(whole(value, c.shape), part.begin, part.size, part.stride)
    const source = isFill(operand) ? undefined : broadcastView(operand, part.size)
    const sizes = sizesOf(common(spaceOf(target), source === undefined ? [] : spaceOf(source))!, sizeOf(part.size))
    const strides = stridesIn(target, sizes).map((s) => s * bytes)
    const pointer = pointers + writes.push({ value, offset: target.offset * bytes }) - 1
    const dtype = source === undefined ? c.dtype : computations[source.value]!.dtype
    const inVectors = dtype !== "u32" && c.dtype !== "u32" && isVectorised("copy", c.dtype, [dtype])
    const f64 = dtype === "f64" || c.dtype === "f64"
    const reals = isFloat(dtype) && isFloat(c.dtype)
    const real = sizes.length === 1 && sizes[0] === 1 ? [] : sizes
    const access =
      source === undefined
        ? undefined
        : {
            pointer: reads.push({ value: source.value, offset: source.offset * bytesOf(dtype) }) - 1,
            dtype,
            strides: stridesIn(source, sizes).map((s) => s * bytesOf(dtype))
          }
    const loops = {
      lanes: inVectors && (reals || !f64) ? (f64 ? "f64x2" : "f32x4") : "f64",
      dimensions: real.map((size) => ({ size, reduced: false })),
      loads: access === undefined ? [] : [access],
      members: [{ op: "copy", operands: [isFill(operand) ? { fill: operand.fill, dtype: operand.dtype } : { load: 0 }], dtype: c.dtype }],
      stores: [{ pointer, dtype: c.dtype, strides, from: 0 }],
      reductions: []
    } satisfies Omit<Nest, "vector">
    return { ...loops, vector: vectorDimension(loops) }
  })
  const total = sizeOf(c.shape) * bytes
  return {
    name: "assemble",
    label: `${parts.length} parts into ${showShape(c.shape)}`,
    flops: 0,
    reads,
    writes,
    workspace: 0,
    key: `${total} ${clears} ${nests.map(keyOfNest).join()}`,
    write: (f, functions) => {
      if (clears) f.get(pointers).i32(0).i32(total).fill()
      for (const nest of nests) writeNest(nest, f, functions)
    }
  }
}
