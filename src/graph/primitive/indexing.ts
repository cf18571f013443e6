/** Looking up by index. Which axes each side hides decides the layout of a gather; its reverse is a scatter-add. */
import { arrange, full } from "../bind.ts"
import { emit, real, recorder } from "../recorder.ts"
import { range, sizeOf } from "../shape.ts"
import type { DType } from "../types.ts"
import type { Axis, Value } from "../value.ts"
import { sizesOf } from "../value.ts"
import type { Primitive } from "./primitive.ts"
import { firstDType } from "./primitive.ts"

/** Folds the hidden axes of both operands into the first dimension of `take` and `put`. */
const folded =
  (op: string): Primitive["batch"] =>
  ([x, index], attributes, axes, shape) => {
    const h = sizeOf(sizesOf(axes))
    const merge = (v: Value): number => emit("reshape", [full(v, axes)], { shape: [h * v.shape[0]!, ...v.shape.slice(1)] })
    return emit("reshape", [emit(op, [merge(x!), merge(index!)], attributes)], { shape: [...sizesOf(axes), ...shape] })
  }

/**
 * gather(x, index) along `axis`, the first `batchDims` dimensions shared: split into what both sides vary over (C), the operand's own
 * axes (P) and the index's own (I).
 */
const gatherRule = ([x, index]: ReadonlyArray<Value>, attributes: { readonly [k: string]: unknown }, axes: ReadonlyArray<Axis>): Value => {
  const axis = attributes["axis"] as number
  const batchDims = (attributes["batchDims"] as number | undefined) ?? 0
  const nodes = recorder().nodes
  const shared = range(batchDims).map((i) => `shared${i}`)
  const before = range(axis - batchDims).map((i) => `before${i}`)
  const after = range(x!.shape.length - axis - 1).map((i) => `after${i}`)
  const looked = range(index!.shape.length - batchDims).map((i) => `index${i}`)
  const common = [...axes.filter((a) => x!.axes.includes(a) && index!.axes.includes(a)), ...shared]
  const own = [...x!.axes.filter((a) => !index!.axes.includes(a)), ...before]
  const indexOwn = [...index!.axes.filter((a) => !x!.axes.includes(a)), ...looked]
  const labelsOfX = [...x!.axes, ...shared, ...before, "D", ...after]
  const labelsOfIndex = [...index!.axes, ...shared, ...looked]
  const sizes = new Map<unknown, number>([
    ...labelsOfX.map((l, i) => [l, nodes[x!.id]!.shape[i]!] as const),
    ...labelsOfIndex.map((l, i) => [l, nodes[index!.id]!.shape[i]!] as const)
  ])
  const count = (labels: ReadonlyArray<unknown>): number => sizeOf(labels.map((l) => sizes.get(l)!))
  const operand = emit("reshape", [arrange(x!.id, labelsOfX, [...common, ...own, "D", ...after])], {
    shape: [count(common), count(own), sizes.get("D")!, count(after)]
  })
  const indices = emit("reshape", [arrange(index!.id, labelsOfIndex, [...common, ...indexOwn])], {
    shape: [count(common), count(indexOwn)]
  })
  const out: ReadonlyArray<unknown> = [...common, ...own, ...indexOwn, ...after]
  const taken = emit("reshape", [emit("take", [operand, indices])], { shape: out.map((l) => sizes.get(l)!) })
  const shown = [...shared, ...before, ...looked, ...after]
  return {
    recorder: recorder(),
    id: arrange(taken, out, [...axes, ...shown]),
    shape: shown.map((l) => sizes.get(l)!),
    axes,
    dtype: x!.dtype
  }
}

export const indexing: Readonly<Record<string, Primitive>> = {
  gather: {
    shape: () => [],
    dtype: firstDType,
    shared: true,
    rule: gatherRule,
    batch: () => 0,
    kernel: () => () => undefined
  },
  /** [B, P, D, Q] at [B, I] → [B, P, I, Q]. */
  take: {
    shape: (_, [b, p, , q], [, i]) => [b!, p!, i!, q!],
    dtype: firstDType,
    shared: true,
    batch: folded("take"),
    reverse: (g, { inputs: [x, index] }) => [real(emit("put", [g.id, index!.id], { length: x!.shape[2]! })), undefined],
    kernel: (node, [s]) => {
      const [B, P, I, Q] = node.shape as [number, number, number, number]
      const D = s![2]!
      return ([x, index], out) => {
        let o = 0
        for (let b = 0; b < B; b++)
          for (let p = 0; p < P; p++)
            for (let i = 0; i < I; i++) {
              const k = index![b * I + i]!
              const inside = k >= 0 && k < D
              const from = ((b * P + p) * D + k) * Q
              for (let q = 0; q < Q; q++) out[o++] = inside ? x![from + q]! : NaN
            }
      }
    }
  },
  /** The reverse of `take`, a scatter-add: [B, P, I, Q] at [B, I] → [B, P, length, Q]. */
  put: {
    shape: ({ length }, [b, p, , q]) => [b!, p!, length as number, q!],
    dtype: firstDType,
    shared: true,
    batch: folded("put"),
    reverse: (g, { inputs: [, index] }) => [real(emit("take", [g.id, index!.id])), undefined],
    kernel: (node, [s]) => {
      const [B, P, D, Q] = node.shape as [number, number, number, number]
      const I = s![2]!
      return ([x, index], out) => {
        out.fill(0)
        let o = 0
        for (let b = 0; b < B; b++)
          for (let p = 0; p < P; p++)
            for (let i = 0; i < I; i++) {
              const k = index![b * I + i]!
              const to = ((b * P + p) * D + k) * Q
              if (k >= 0 && k < D) for (let q = 0; q < Q; q++) out[to + q]! += x![o + q]!
              o += Q
            }
      }
    }
  },
  /** `on` at the index along a new last dimension of `depth`, `off` elsewhere. */
  onehot: {
    shape: ({ depth }, s) => [...s, depth as number],
    dtype: ({ to }) => to as DType,
    shared: true,
    batch: ([x], attributes) => emit("onehot", [x!.id], attributes),
    kernel: (node) => {
      const { depth, on, off } = node.attributes as { readonly depth: number; readonly on: number; readonly off: number }
      return ([x], out) => {
        out.fill(off)
        for (let i = 0; i < x!.length; i++) if (x![i]! >= 0 && x![i]! < depth) out[i * depth + x![i]!] = on
      }
    }
  }
}
