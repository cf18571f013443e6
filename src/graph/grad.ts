/**
 * Reverse mode on the graph. Real shapes only: it knows nothing of hidden axes.
 *
 * Behind a branch that was not taken the cotangent is 0 and the values may be anything, so that 0 · ∞ would give NaN
 * (`where(x > 0, log x, 0)` at 0). A cotangent that has passed a gate (select, maximum, minimum, relu) marks what it reaches; there,
 * derivatives of nonlinear operations are taken at 1 wherever the cotangent is exactly 0. The mark of a relu, the activation of a network,
 * ends at the matrix product before it.
 */
import { add, apply, bind, cast, fill, select, unbroadcast } from "./bind.ts"
import { primitive } from "./primitive/table.ts"
import { real, recorder } from "./recorder.ts"
import { sameShape } from "./shape.ts"
import { isFloat } from "./types.ts"
import type { Value } from "./value.ts"

/** Gradients of the sum of `output`, in the shapes of `wrt`; zero where it does not depend on one. */
export const grad = (output: Value, wrt: ReadonlyArray<Value>): ReadonlyArray<Value> => {
  const r = recorder()
  const origin = r.origin
  const needed = new Set(wrt.map((w) => w.id))
  const cotangents = new Map<number, Value>([[output.id, fill(1, r.nodes[output.id]!.shape, output.dtype)]])
  const gated = new Map<number, "gate" | "activation">()
  for (let i = 0; i <= output.id; i++) if (r.nodes[i]!.inputs.some((j) => needed.has(j))) needed.add(i)
  for (let i = output.id; i >= 0; i--) {
    const node = r.nodes[i]!
    const g = cotangents.get(i)
    const p = primitive(node.op)
    if (g === undefined || !needed.has(i) || node.inputs.length === 0 || p.reverse === undefined) continue
    r.origin = node.origin
    let inputs = node.inputs.map(real)
    let out = real(i)
    if (gated.has(i) && p.branch === "nonlinear") {
      const off = apply("equal", g, 0)
      inputs = inputs.map((x) => (isFloat(x.dtype) ? select(off, 1, x) : x))
      out = bind(node.op, inputs, node.attributes)
    }
    const contributions = p.reverse(g, { inputs, output: out, attributes: node.attributes })
    node.inputs.forEach((j, k) => {
      const contribution = contributions[k]
      if (contribution === undefined || !needed.has(j)) return
      const { shape, dtype } = r.nodes[j]!
      const shaped = sameShape(contribution.shape, shape) ? contribution : unbroadcast(contribution, shape)
      const c = isFloat(dtype) && isFloat(shaped.dtype) ? cast(shaped, dtype) : shaped
      const before = cotangents.get(j)
      cotangents.set(j, before === undefined ? c : add(before, c))
      const mark = p.branch === "gate" || p.branch === "activation" ? p.branch : gated.get(i)
      const kept = gated.get(i) === "gate" ? "gate" : mark
      if (kept === "gate" || (kept === "activation" && node.op !== "dot" && !gated.has(j))) gated.set(j, kept)
    })
  }
  r.origin = origin
  return wrt.map((w) => cotangents.get(w.id) ?? fill(0, r.nodes[w.id]!.shape, w.dtype))
}
