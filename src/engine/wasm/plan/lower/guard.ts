/** Products with what is guarded where the other factor is 0. */
import type { Operand } from "../computation.ts"
import { isFill } from "../computation.ts"
import type { View } from "../view.ts"
import { broadcastView, isWhole } from "../view.ts"
import { elementwise } from "./elementwise.ts"
import type { Call, Lowering } from "./lowering.ts"

/** What computes all of a value, in order, by an operation. */
const madeBy = (o: Operand | undefined, op: string, l: Lowering): ReadonlyArray<Operand> | undefined => {
  if (o === undefined || isFill(o)) return undefined
  const c = l.computation(o.value)
  return c.op === op && isWhole(o, c.shape) ? c.operands : undefined
}

const same = (a: View, b: Operand | undefined): boolean =>
  b !== undefined && !isFill(b) && a.value === b.value && a.offset === b.offset && a.strides.join() === b.strides.join()

/**
 * a · select(a = 0, c, b) = select(a = 0, 0, a · b), and the same of a quotient: setting lanes to 0 is one instruction where choosing takes three. A zero
 * loses its sign.
 */
export const zeroed = (call: Call, l: Lowering): Operand | undefined => {
  const [a, b] = call.operands
  if (a === undefined || isFill(a)) return undefined
  const wide = broadcastView(a, call.shape)
  const [mask, c, inside] = madeBy(b, "select", l) ?? []
  if (mask === undefined || inside === undefined || !isFill(c!) || !Number.isFinite(c.fill) || c.fill === 0) return undefined
  const [tested, zero] = madeBy(mask, "equal", l) ?? []
  if (!same(wide, tested) || !isFill(zero!) || zero.fill !== 0) return undefined
  const result = elementwise({ ...call, operands: [a, inside] }, l)
  return elementwise({ ...call, op: "select", operands: [mask, { fill: 0, dtype: call.dtype }, result], attributes: {} }, l)
}
