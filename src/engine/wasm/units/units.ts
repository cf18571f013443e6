/** The units of lowered computations, in an order in which they can run. */
import { EngineError } from "../../../errors.ts"
import type { Computation, Lowered } from "../plan/computation.ts"
import { isFill, viewsOf } from "../plan/computation.ts"
import { withEpilogues } from "../plan/epilogue.ts"
import { fuse } from "../plan/fuse.ts"
import type { Unit } from "../unit.ts"
import { assembleUnits } from "./assemble.ts"
import { groupUnit, nestOf } from "./group.ts"
import { onehotUnit, putUnit, takeUnit } from "./indexing.ts"
import { isVectorised } from "./lanes.ts"
import { choleskyUnit } from "./linearAlgebra.ts"
import { uniformUnit } from "./noise.ts"
import { argmaxUnit, cumsumUnit, sortUnit } from "./order.ts"
import { productUnit } from "./product/product.ts"
import { scanUnit } from "./scan.ts"
import { triangularSolveUnit } from "./triangularSolve.ts"

const makers: Readonly<Record<string, (value: number, c: Computation, lowered: Lowered) => Unit>> = {
  take: takeUnit,
  put: putUnit,
  onehot: onehotUnit,
  cumsum: cumsumUnit,
  argmax: argmaxUnit,
  sort: sortUnit,
  argsort: sortUnit,
  cholesky: choleskyUnit,
  triangularSolve: triangularSolveUnit,
  uniform: uniformUnit,
  scan: (value, c, lowered) => scanUnit(value, c, lowered, unitsOf)
}

export const unitsOf = (lowered: Lowered): ReadonlyArray<Unit> => {
  const { computations, outputs } = lowered
  const isVectorOp = ({ op, dtype, operands }: Computation): boolean =>
    isVectorised(
      op,
      dtype,
      operands.map((o) => (isFill(o) ? o.dtype : computations[o.value]!.dtype))
    )
  const groups = withEpilogues(fuse(lowered), lowered, isVectorOp)
  const groupOf = new Map(groups.flatMap((g, k) => g.members.map((m) => [m, k] as const)))
  const read = new Set(outputs)
  computations.forEach((c, i) =>
    viewsOf(c).forEach((v) => {
      if (groupOf.get(v.value) !== groupOf.get(i)) read.add(v.value)
    })
  )
  return groups.flatMap((g): Unit | ReadonlyArray<Unit> => {
    if (!g.single) return groupUnit(g, lowered, (value) => read.has(value))
    const value = g.members[0]!
    const c = computations[value]!
    if (c.op === "assemble") return assembleUnits(value, c, lowered)
    if (c.op === "dot") return productUnit(value, c, g.members.length > 1 ? nestOf(g, lowered, (v) => read.has(v)) : undefined)
    const make = makers[c.op]
    if (make === undefined) throw new EngineError({ engine: "wasm", operation: "compile", reason: `there is no kernel for ${c.op}` })
    return make(value, c, lowered)
  })
}
