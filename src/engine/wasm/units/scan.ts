/** A scan: the units of its body, called once for each step. */
import { sizeOf } from "../../../graph/shape.ts"
import type { Computation, Lowered } from "../plan/computation.ts"
import { viewsOf } from "../plan/computation.ts"
import { bytesOf, keyOf } from "../plan/nest.ts"
import type { Unit } from "../unit.ts"
import { layoutOf } from "./layout.ts"

export const scanUnit = (
  value: number,
  c: Computation,
  { computations }: Lowered,
  unitsOf: (body: Lowered) => ReadonlyArray<Unit>
): Unit => {
  const { length, rows, lowered } = c.attributes as unknown as { readonly length: number; readonly rows: number; readonly lowered: Lowered }
  const operands = viewsOf(c)
  const units = unitsOf(lowered)
  const next = lowered.outputs[0]!
  const inputs = new Map(lowered.inputs.flatMap((v, k) => (v === undefined ? [] : [[v, k] as const])))
  const layout = layoutOf(
    units.map((u) => [u]),
    lowered,
    new Set([...inputs.keys(), next]),
    new Set()
  )
  const slot = sizeOf(c.shape.slice(1)) * bytesOf(c.dtype)
  const rowBytes = operands.map((v) => v.strides[0]! * bytesOf(computations[v.value]!.dtype))
  const out = operands.length
  const work = out + 1
  return {
    name: "scan",
    label: `${length} steps of ${units.length} units`,
    flops: length * units.reduce((n, u) => n + u.flops, 0),
    reads: operands.map((v) => ({ value: v.value, offset: v.offset * bytesOf(computations[v.value]!.dtype) })),
    writes: [{ value, offset: 0 }],
    workspace: Math.max(64, layout.bytes),
    key: keyOf([length, rows, rowBytes.slice(1, rows + 1), slot, c.dtype, lowered]),
    write: (f, functions) => {
      const t = f.local("i32")
      const carry = f.local("i32")
      const result = f.local("i32")
      const row = operands.map((_, k) => (k > 0 && k <= rows ? f.local("i32") : k))
      const indices = units.map(functions.unit)
      f.get(out).set(result).get(out).i32(slot).op("i32.sub").set(carry)
      row.forEach((local, k) => {
        if (local !== k) f.get(k).set(local)
      })
      f.get(carry).get(0).i32(slot).copy()
      const push = (v: number, offset: number): void => {
        const input = inputs.get(v)
        const constant = offset + (input === undefined && v !== next ? layout.values.get(v)! : 0)
        f.get(input === 0 ? carry : input !== undefined ? row[input]! : v === next ? result : work)
        if (constant !== 0) f.i32(constant).op("i32.add")
      }
      f.for(t, 0, length, 1, () => {
        units.forEach((u, k) => {
          for (const p of [...u.reads, ...u.writes]) push(p.value, p.offset)
          if (u.workspace > 0) f.get(work).i32(layout.workspaces.get(u)!).op("i32.add")
          f.call(indices[k]!)
        })
        f.get(result).set(carry).get(result).i32(slot).op("i32.add").set(result)
        row.forEach((local, k) => {
          if (local !== k) f.get(local).i32(rowBytes[k]!).op("i32.add").set(local)
        })
      })
    }
  }
}
