/**
 * Matrix products. What each side varies over decides the layout: axes that only the left one has are folded into its rows, those of the
 * right one into its columns, and only what both vary over makes a batched product.
 */
import { ShapeError } from "../../errors.ts"
import { arrange, bind, matrixTranspose, mul, reshape, sum } from "../bind.ts"
import { emit, recorder } from "../recorder.ts"
import { broadcastShapes, showShape, sizeOf } from "../shape.ts"
import type { Attributes, Shape } from "../types.ts"
import type { Axis, Value } from "../value.ts"
import { sizesOf } from "../value.ts"
import { matmul } from "./matmul.ts"
import type { Primitive } from "./primitive.ts"
import { promote } from "./primitive.ts"

type Label = Axis | string

/** a · b over the last two dimensions, either one transposed. */
export const dot = (a: Value, b: Value, transposeA = false, transposeB = false): Value => bind("dot", [a, b], { transposeA, transposeB })

const matrixOf = (s: Shape, transposed: boolean): readonly [number, number] =>
  transposed ? [s.at(-1)!, s.at(-2)!] : [s.at(-2)!, s.at(-1)!]

const dotRule = ([a, b]: ReadonlyArray<Value>, attributes: Attributes, axes: ReadonlyArray<Axis>): Value => {
  const transposeA = attributes["transposeA"] === true
  const transposeB = attributes["transposeB"] === true
  const nodes = recorder().nodes
  const rank = Math.max(a!.shape.length, b!.shape.length)
  const batchOf = (v: Value): Array<string> => v.shape.slice(0, -2).map((_, i) => `batch${i + rank - v.shape.length}`)
  const batchShape = broadcastShapes("matMul", [a!.shape.slice(0, -2), b!.shape.slice(0, -2)])
  const order: Array<Label> = [...axes, ...batchShape.map((_, i) => `batch${i}`)]
  const [M, K] = matrixOf(a!.shape, transposeA)
  const [K2, N] = matrixOf(b!.shape, transposeB)
  if (K !== K2) {
    throw new ShapeError({
      where: "matMul",
      expected: "equal inner dimensions",
      received: `${showShape(a!.shape)} and ${showShape(b!.shape)}`
    })
  }
  const shape = [...batchShape, M, N]
  const labelsOfA: Array<Label> = [...a!.axes, ...batchOf(a!), ...(transposeA ? ["K", "M"] : ["M", "K"])]
  const labelsOfB: Array<Label> = [...b!.axes, ...batchOf(b!), ...(transposeB ? ["N", "K"] : ["K", "N"])]
  const sizesFor = (v: Value, labels: ReadonlyArray<Label>): ReadonlyMap<Label, number> =>
    new Map(labels.map((l, i) => [l, nodes[v.id]!.shape[i]!]))
  const inA = sizesFor(a!, labelsOfA)
  const inB = sizesFor(b!, labelsOfB)
  const varies = (sizes: ReadonlyMap<Label, number>, l: Label): boolean => (sizes.get(l) ?? 1) !== 1
  const both = order.filter((l) => varies(inA, l) && varies(inB, l))
  const leftOnly = order.filter((l) => varies(inA, l) && !varies(inB, l))
  const rightOnly = order.filter((l) => !varies(inA, l) && varies(inB, l))

  if (both.length > 0 && ((M === 1 && N === 1) || K === 1)) {
    // a vector product or an outer product for each draw: not a matrix product at all
    const left = transposeA ? matrixTranspose(a!) : a!
    if (K === 1) return mul(left, transposeB ? matrixTranspose(b!) : b!)
    return reshape(sum(mul(left, transposeB ? b! : matrixTranspose(b!)), [rank - 1]), shape)
  }

  const count = (sizes: ReadonlyMap<Label, number>, labels: ReadonlyArray<Label>): number => sizeOf(labels.map((l) => sizes.get(l)!))
  const batch = both.length > 0 ? [count(inA, both)] : []
  /** [both, own axes and rows, K]; a side with no axes of its own keeps its layout and the engine is told by a flag. */
  const side = (v: Value, labels: ReadonlyArray<Label>, sizes: ReadonlyMap<Label, number>, own: ReadonlyArray<Label>, rows: string) => {
    const kept = labels.filter((l) => both.includes(l) || own.includes(l) || l === rows || l === "K")
    const to: Array<Label> = own.length > 0 ? [...both, ...own, rows, "K"] : [...both, ...kept.slice(-2)]
    const contractedLast = to.at(-1) === "K"
    const id = arrange(emit("reshape", [v.id], { shape: kept.map((l) => sizes.get(l)!) }), kept, to)
    const n = count(sizes, own) * sizes.get(rows)!
    return { id: emit("reshape", [id], { shape: contractedLast ? [...batch, n, K] : [...batch, K, n] }), contractedLast }
  }
  const x = side(a!, labelsOfA, inA, leftOnly, "M")
  const y = side(b!, labelsOfB, inB, rightOnly, "N")

  const place = (l: Label): number => (l === "M" ? 1e6 : l === "N" ? 2e6 : order.indexOf(l))
  const inOrder = (labels: ReadonlyArray<Label>): boolean => labels.every((l, i) => i === 0 || place(l) >= place(labels[i - 1]!))
  const big = (labels: ReadonlyArray<Label>): ReadonlyArray<Label> =>
    labels.filter((l) => (l === "M" ? M !== 1 : l === "N" ? N !== 1 : true))
  const straight: ReadonlyArray<Label> = [...both, ...leftOnly, "M", ...rightOnly, "N"]
  const swapped: ReadonlyArray<Label> = [...both, ...rightOnly, "N", ...leftOnly, "M"]
  const swap = !inOrder(big(straight)) && (inOrder(big(swapped)) || (rightOnly.length > 0 && leftOnly.length === 0))
  const [l, r, out] = swap ? [y, x, swapped] : [x, y, straight]
  const product = emit("dot", [l.id, r.id], { transposeA: !l.contractedLast, transposeB: r.contractedLast })
  const sizeFor = (k: Label): number => (k === "M" ? M : k === "N" ? N : varies(inA, k) ? inA.get(k)! : inB.get(k)!)
  const arranged = arrange(emit("reshape", [product], { shape: out.map(sizeFor) }), out, [
    ...order.filter((k) => out.includes(k)),
    "M",
    "N"
  ])
  const id = emit("reshape", [arranged], { shape: [...sizesOf(axes), ...shape] })
  return { recorder: recorder(), id, shape, axes, dtype: recorder().nodes[id]!.dtype }
}

export const product: Readonly<Record<string, Primitive>> = {
  dot: {
    shape: ({ transposeA, transposeB }, a, b) => [
      ...a.slice(0, -2),
      matrixOf(a, transposeA === true)[0],
      matrixOf(b, transposeB === true)[1]
    ],
    dtype: promote,
    shared: true,
    rule: dotRule,
    batch: () => 0,
    reverse: (g, { inputs: [a, b], attributes }) => {
      const ta = attributes["transposeA"] === true
      const tb = attributes["transposeB"] === true
      return [ta ? dot(b!, g, tb, true) : dot(g, b!, false, !tb), tb ? dot(g, a!, true, ta) : dot(a!, g, !ta, false)]
    },
    kernel: (node, [sa, sb]) => {
      const ta = node.attributes["transposeA"] === true
      const tb = node.attributes["transposeB"] === true
      const [M, K] = matrixOf(sa!, ta)
      const N = matrixOf(sb!, tb)[1]
      const batches = sizeOf(node.shape.slice(0, -2))
      const multiply = matmul(
        M,
        K,
        N,
        ta ? { row: 1, column: M } : { row: K, column: 1 },
        tb ? { row: 1, column: K } : { row: N, column: 1 }
      )
      return ([a, b], out) => {
        for (let c = 0; c < batches; c++) multiply(a!, c * M * K, b!, c * K * N, out, c * M * N)
      }
    }
  }
}
