/** The one table of primitives. */
import { TraceError } from "../../errors.ts"
import type { Primitive } from "./primitive.ts"
import { comparisons, elementwiseBinary, elementwiseUnary, selection } from "./elementwise.ts"
import { indexing } from "./indexing.ts"
import { leaves } from "./leaves.ts"
import { linearAlgebra } from "./linearAlgebra.ts"
import { movement } from "./movement.ts"
import { product } from "./product.ts"
import { reductions } from "./reductions.ts"
import { scanning } from "./scan.ts"

const sources: ReadonlyArray<() => Readonly<Record<string, Primitive>>> = [
  () => leaves,
  () => elementwiseUnary,
  () => elementwiseBinary,
  () => comparisons,
  () => selection,
  () => reductions,
  () => movement,
  () => indexing,
  () => product,
  () => linearAlgebra,
  () => scanning
]

/** All primitives by name. */
export const primitives = (): Readonly<Record<string, Primitive>> => Object.assign({}, ...sources.map((s) => s()))

let table: ReadonlyMap<string, Primitive> | undefined

export const primitive = (op: string): Primitive => {
  table ??= new Map(Object.entries(primitives()))
  const p = table.get(op)
  if (p === undefined) throw new TraceError({ operation: op, reason: "there is no primitive of this name" })
  return p
}
