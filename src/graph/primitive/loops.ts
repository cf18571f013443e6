/**
 * Loops of the reference kernels. A loop that takes its function as an argument makes a call per element, whichever function it is; those
 * of the commonest operations are therefore written out.
 */
import { exp, log, tanh } from "../../special/index.ts"
import { broadcastStrides } from "../shape.ts"
import type { Shape, TypedArray } from "../types.ts"
import type { Kernel, Primitive } from "./primitive.ts"
import type { Rows } from "./rows.ts"
import { rowsOf } from "./rows.ts"

type Unary = (x: TypedArray, out: TypedArray) => void
type Binary = (a: TypedArray, b: TypedArray, out: TypedArray, rows: Rows) => void

const unary: Readonly<Record<string, Unary>> = {
  neg: (x, out) => {
    for (let i = 0; i < out.length; i++) out[i] = -x[i]!
  },
  exp: (x, out) => {
    for (let i = 0; i < out.length; i++) out[i] = exp(x[i]!)
  },
  log: (x, out) => {
    for (let i = 0; i < out.length; i++) out[i] = log(x[i]!)
  },
  tanh: (x, out) => {
    for (let i = 0; i < out.length; i++) out[i] = tanh(x[i]!)
  },
  relu: (x, out) => {
    for (let i = 0; i < out.length; i++) {
      const v = x[i]!
      out[i] = v < 0 ? 0 : v
    }
  },
  square: (x, out) => {
    for (let i = 0; i < out.length; i++) {
      const v = x[i]!
      out[i] = v * v
    }
  },
  sqrt: (x, out) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.sqrt(x[i]!)
  },
  rsqrt: (x, out) => {
    for (let i = 0; i < out.length; i++) out[i] = 1 / Math.sqrt(x[i]!)
  }
}

const binary: Readonly<Record<string, Binary>> = {
  add: (a, b, out, { count, length, operands: [p, q] }) => {
    for (let r = 0, k = 0; r < count; r++)
      for (let e = 0, i = p!.starts[r]!, j = q!.starts[r]!; e < length; e++, i += p!.stride, j += q!.stride) out[k++] = a[i]! + b[j]!
  },
  sub: (a, b, out, { count, length, operands: [p, q] }) => {
    for (let r = 0, k = 0; r < count; r++)
      for (let e = 0, i = p!.starts[r]!, j = q!.starts[r]!; e < length; e++, i += p!.stride, j += q!.stride) out[k++] = a[i]! - b[j]!
  },
  mul: (a, b, out, { count, length, operands: [p, q] }) => {
    for (let r = 0, k = 0; r < count; r++)
      for (let e = 0, i = p!.starts[r]!, j = q!.starts[r]!; e < length; e++, i += p!.stride, j += q!.stride) out[k++] = a[i]! * b[j]!
  },
  div: (a, b, out, { count, length, operands: [p, q] }) => {
    for (let r = 0, k = 0; r < count; r++)
      for (let e = 0, i = p!.starts[r]!, j = q!.starts[r]!; e < length; e++, i += p!.stride, j += q!.stride) out[k++] = a[i]! / b[j]!
  },
  greater: (a, b, out, { count, length, operands: [p, q] }) => {
    for (let r = 0, k = 0; r < count; r++)
      for (let e = 0, i = p!.starts[r]!, j = q!.starts[r]!; e < length; e++, i += p!.stride, j += q!.stride)
        out[k++] = a[i]! > b[j]! ? 1 : 0
  },
  equal: (a, b, out, { count, length, operands: [p, q] }) => {
    for (let r = 0, k = 0; r < count; r++)
      for (let e = 0, i = p!.starts[r]!, j = q!.starts[r]!; e < length; e++, i += p!.stride, j += q!.stride)
        out[k++] = a[i]! === b[j]! ? 1 : 0
  }
}

const broadcastRows = (to: Shape, shapes: ReadonlyArray<Shape>): Rows =>
  rowsOf(
    to,
    shapes.map((s) => broadcastStrides(s, to))
  )

export const unaryKernel = (op: string, f: (x: number) => number): Primitive["kernel"] => {
  const loop = unary[op]
  return (): Kernel =>
    loop === undefined
      ? ([x], out) => {
          for (let i = 0; i < out.length; i++) out[i] = f(x![i]!)
        }
      : ([x], out) => loop(x!, out)
}

export const binaryKernel = (op: string, f: (a: number, b: number) => number): Primitive["kernel"] => {
  const loop =
    binary[op] ??
    ((a, b, out, { count, length, operands: [p, q] }) => {
      for (let r = 0, k = 0; r < count; r++)
        for (let e = 0, i = p!.starts[r]!, j = q!.starts[r]!; e < length; e++, i += p!.stride, j += q!.stride) out[k++] = f(a[i]!, b[j]!)
    })
  return (node, shapes): Kernel => {
    const rows = broadcastRows(node.shape, shapes)
    return ([a, b], out) => loop(a!, b!, out, rows)
  }
}

export const ternaryKernel =
  (f: (a: number, b: number, c: number) => number): Primitive["kernel"] =>
  (node, shapes): Kernel => {
    const { count, length, operands } = broadcastRows(node.shape, shapes)
    const [p, q, s] = operands as [Rows["operands"][number], Rows["operands"][number], Rows["operands"][number]]
    return ([a, b, c], out) => {
      for (let r = 0, k = 0; r < count; r++)
        for (let e = 0, i = p.starts[r]!, j = q.starts[r]!, h = s.starts[r]!; e < length; e++, i += p.stride, j += q.stride, h += s.stride)
          out[k++] = f(a![i]!, b![j]!, c![h]!)
    }
  }

export const selectKernel: Primitive["kernel"] = (node, shapes): Kernel => {
  const { count, length, operands } = broadcastRows(node.shape, shapes)
  const [p, q, s] = operands as [Rows["operands"][number], Rows["operands"][number], Rows["operands"][number]]
  return ([c, a, b], out) => {
    for (let r = 0, k = 0; r < count; r++)
      for (let e = 0, i = p.starts[r]!, j = q.starts[r]!, h = s.starts[r]!; e < length; e++, i += p.stride, j += q.stride, h += s.stride)
        out[k++] = c![i]! !== 0 ? a![j]! : b![h]!
  }
}
