/** Triangular systems: large ones in halves, so that most of the work is a matrix product. */
import type { Operand } from "../computation.ts"
import type { View } from "../view.ts"
import { sliceView } from "../view.ts"
import { assemble } from "./assembly.ts"
import type { Call, Lowering, Rule } from "./lowering.ts"
import { asView } from "./lowering.ts"
import { dot } from "./product.ts"

/** Systems up to this size are solved by substitution. */
const largest = 64

interface Range {
  readonly from: number
  readonly size: number
}

/** The last two dimensions cut to ranges. */
const block = (v: View, rows: Range, columns: Range): View => {
  const lead = v.shape.slice(0, -2)
  return sliceView(
    v,
    [...lead.map(() => 0), rows.from, columns.from],
    [...lead, rows.size, columns.size],
    v.shape.map(() => 1)
  )
}

const minus = (a: View, b: Operand, dtype: Call["dtype"], l: Lowering): View =>
  l.emit({ op: "sub", operands: [a, b], attributes: {}, shape: a.shape, dtype })

/** X₁ = L₁₁⁻¹ B₁ and X₂ = L₂₂⁻¹ (B₂ − L₂₁ X₁); for Lᵀ from below: X₂ = L₂₂⁻ᵀ B₂ and X₁ = L₁₁⁻ᵀ (B₁ − L₂₁ᵀ X₂). */
const solved = (L: View, B: View, call: Call, l: Lowering): View => {
  const { attributes, dtype } = call
  const transposed = attributes["transposed"] === true
  const d = L.shape.at(-1)!
  if (d <= largest) {
    const operands = [l.dense(L, L.shape, dtype), l.dense(B, B.shape, dtype)]
    return l.emit({ op: "triangularSolve", operands, attributes, shape: B.shape, dtype })
  }
  const half = Math.ceil(d / 2)
  const [upper, lower] = [
    { from: 0, size: half },
    { from: half, size: d - half }
  ]
  const [first, second] = transposed ? [lower, upper] : [upper, lower]
  const columns = { from: 0, size: B.shape.at(-1)! }
  const rows = (of: Range): View => block(B, of, columns)
  const x = solved(block(L, first, first), rows(first), call, l)
  const known = rows(second)
  const product = dot(
    {
      op: "dot",
      attributes: { transposeA: transposed, transposeB: false },
      operands: [block(L, lower, upper), x],
      shapes: [[...L.shape.slice(0, -2), lower.size, upper.size], x.shape],
      shape: known.shape,
      dtype
    },
    l
  )
  const y = solved(block(L, second, second), minus(known, product, dtype, l), call, l)
  const parts = [first, second].map(({ from, size }) => ({
    begin: B.shape.map((_, i) => (i === B.shape.length - 2 ? from : 0)),
    size: B.shape.with(-2, size),
    stride: B.shape.map(() => 1)
  }))
  return assemble(parts, [x, y], { shape: B.shape, dtype }, l)
}

export const triangularSolve: Rule = (call, l) => solved(asView(call, 0, call.dtype, l), asView(call, 1, call.dtype, l), call, l)
