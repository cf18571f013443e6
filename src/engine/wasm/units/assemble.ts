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
import { writeNest } from "./nest.ts"

export const assembleUnit = (value: number, c: Computation, { computations }: Lowered): Unit => {
  const parts = c.attributes["parts"] as ReadonlyArray<Part>
  const covered = c.attributes["covered"] as boolean
  const bytes = bytesOf(c.dtype)
  const reads: Array<Place> = []
  const writes: Array<Place> = [{ value, offset: 0 }]
  const pointers = c.operands.filter((o) => !isFill(o)).length
  const nests = parts.map((part, k): Nest => {
    const operand = c.operands[k]!
    const target = sliceView(whole(value, c.shape), part.begin, part.size, part.stride)
    const source = isFill(operand) ? undefined : broadcastView(operand, part.size)
    const sizes = sizesOf(common(spaceOf(target), source === undefined ? [] : spaceOf(source))!, sizeOf(part.size))
    const strides = stridesIn(target, sizes).map((s) => s * bytes)
    const pointer = pointers + writes.push({ value, offset: target.offset * bytes }) - 1
    const from = source === undefined ? c.dtype : computations[source.value]!.dtype
    const inVectors = from !== "u32" && c.dtype !== "u32" && isVectorised("copy", c.dtype, [from])
    const f64 = from === "f64" || c.dtype === "f64"
    const reals = isFloat(from) && isFloat(c.dtype)
    const real = sizes.length === 1 && sizes[0] === 1 ? [] : sizes
    const access =
      source === undefined
        ? undefined
        : {
            pointer: reads.push({ value: source.value, offset: source.offset * bytesOf(from) }) - 1,
            dtype: from,
            strides: stridesIn(source, sizes).map((s) => s * bytesOf(from))
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
    key: `${total} ${covered} ${nests.map(keyOfNest).join()}`,
    write: (f, functions) => {
      if (!covered) f.get(pointers).i32(0).i32(total).fill()
      for (const nest of nests) writeNest(nest, f, functions)
    }
  }
}
