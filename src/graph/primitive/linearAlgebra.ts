/** Factorisation and triangular systems, over the last two dimensions; any leading ones are a batch. */
import { ShapeError } from "../../errors.ts"
import { add, arrange, full, matrixTranspose, mul, neg } from "../bind.ts"
import { emit, real, recorder } from "../recorder.ts"
import { range, sameShape, showShape, sizeOf } from "../shape.ts"
import type { Attributes, Shape } from "../types.ts"
import type { Axis, Value } from "../value.ts"
import type { Primitive } from "./primitive.ts"
import { firstDType, promote } from "./primitive.ts"
import { dot } from "./product.ts"

/**
 * L X = B where what only B hides is more columns of it: [L's axes, …batch, n, B's own, m]. Axes that L hides make a batch.
 */
const solveColumns = (l: Value, b: Value, attributes: Attributes, axes: ReadonlyArray<Axis>): number => {
  const own = axes.filter((a) => !l.axes.includes(a))
  const batch = l.shape.slice(0, -2).map((_, i) => `batch${i}`)
  const shown = [...axes, ...batch, "n", "m"]
  const columns = [...l.axes, ...batch, "n", ...own, "m"]
  const all = full(b, axes)
  const sizes = recorder().nodes[all]!.shape
  const ordered = columns.map((label) => sizes[shown.indexOf(label)]!)
  const lead = ordered.slice(0, l.axes.length + batch.length + 1)
  const right = emit("reshape", [arrange(all, shown, columns)], { shape: [...lead, sizeOf(ordered.slice(lead.length))] })
  const solved = emit("triangularSolve", [l.id, right], attributes)
  return arrange(emit("reshape", [solved], { shape: ordered }), columns, shown)
}

/** A d × d constant whose entries depend on row − column. */
const band = (d: number, entry: (below: number) => number, like: Value): Value =>
  real(
    emit("constant", [], { shape: [d, d], value: Float64Array.from(range(d * d), (k) => entry(Math.floor(k / d) - (k % d))) }, like.dtype)
  )

/** Φ of Murray 2016: the lower triangle, its diagonal halved. */
const halfDiagonal = (like: Value): Value => band(like.shape.at(-1)!, (below) => (below === 0 ? 0.5 : below > 0 ? 1 : 0), like)

const solve = (factor: Value, b: Value, transposed: boolean): Value => real(emit("triangularSolve", [factor.id, b.id], { transposed }))

const squareMatrices = (where: string, s: Shape): void => {
  if (s.length < 2 || s.at(-1) !== s.at(-2)) throw new ShapeError({ where, expected: "square matrices […, n, n]", received: showShape(s) })
}

export const linearAlgebra: Readonly<Record<string, Primitive>> = {
  /**
   * The lower Cholesky factor; NaN where the matrix is not positive definite. What stands above the diagonal is not read, and receives no
   * cotangent. Reverse: Murray 2016, "Differentiation of the Cholesky decomposition", eq. 10.
   */
  cholesky: {
    shape: (_, s) => {
      squareMatrices("cholesky", s)
      return s
    },
    dtype: firstDType,
    shared: true,
    batch: ([x]) => emit("cholesky", [x!.id]),
    reverse: (g, { output: L }) => {
      const phi = mul(dot(L, g, true, false), halfDiagonal(L))
      const s = solve(L, matrixTranspose(solve(L, matrixTranspose(phi), true)), true)
      return [mul(add(s, matrixTranspose(s)), halfDiagonal(L))]
    },
    kernel: (_, [s]) => {
      const d = s!.at(-1)!
      return ([x], out) => {
        out.fill(0)
        for (let o = 0; o < out.length; o += d * d)
          for (let i = 0; i < d; i++)
            for (let j = 0; j <= i; j++) {
              let v = x![o + i * d + j]!
              for (let k = 0; k < j; k++) v -= out[o + i * d + k]! * out[o + j * d + k]!
              out[o + i * d + j] = i === j ? Math.sqrt(v) : v / out[o + j * d + j]!
            }
      }
    }
  },
  /** X with L X = B, or Lᵀ X = B, for lower triangular L; what stands above its diagonal is not read. */
  triangularSolve: {
    shape: (_, l, b) => {
      squareMatrices("triangularSolve", l)
      if (b.length !== l.length || b.at(-2) !== l.at(-1) || !sameShape(b.slice(0, -2), l.slice(0, -2))) {
        throw new ShapeError({
          where: "triangularSolve",
          expected: `a right side […, ${l.at(-1)}, m] for ${showShape(l)}`,
          received: showShape(b)
        })
      }
      return b
    },
    dtype: promote,
    shared: true,
    batch: ([l, b], attributes, axes) => solveColumns(l!, b!, attributes, axes),
    reverse: (g, { inputs: [l], output: x, attributes }) => {
      const transposed = attributes["transposed"] === true
      const gb = solve(l!, g, !transposed)
      const outer = transposed ? dot(x, gb, false, true) : dot(gb, x, false, true)
      return [
        mul(
          neg(outer),
          band(l!.shape.at(-1)!, (below) => (below >= 0 ? 1 : 0), l!)
        ),
        gb
      ]
    },
    kernel: (node, [sl, sb]) => {
      const d = sl!.at(-1)!
      const m = sb!.at(-1)!
      const transposed = node.attributes["transposed"] === true
      return ([l, b], out) => {
        out.set(b!)
        const count = l!.length / d / d
        for (let c = 0; c < count; c++)
          for (let q = 0; q < m; q++)
            for (let r = 0; r < d; r++) {
              const i = transposed ? d - 1 - r : r
              const at = c * d * m + i * m + q
              let v = out[at]!
              const from = transposed ? i + 1 : 0
              const to = transposed ? d : i
              for (let k = from; k < to; k++) v -= l![c * d * d + (transposed ? k * d + i : i * d + k)]! * out[c * d * m + k * m + q]!
              out[at] = v / l![c * d * d + i * d + i]!
            }
      }
    }
  }
}
