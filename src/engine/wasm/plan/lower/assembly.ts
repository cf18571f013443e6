/** Values put together from parts; parts are read from where they come from. */
import { range, sameShape, sizeOf } from "../../../../graph/shape.ts"
import type { Shape } from "../../../../graph/types.ts"
import type { Computation, Operand, Part } from "../computation.ts"
import { isFill } from "../computation.ts"
import type { View } from "../view.ts"
import { broadcastView, inverse, isDense, sliceView, standing, transposeView } from "../view.ts"
import type { Call, Lowering, Rule } from "./lowering.ts"
import { inPieces, isTiny, piece, within } from "./pieces.ts"
import { withFirst } from "./scan.ts"

const partsOf = (c: Computation): ReadonlyArray<Part> => c.attributes["parts"] as ReadonlyArray<Part>

/** What no part covers is 0. */
export const assemble = (
  parts: ReadonlyArray<Part>,
  operands: ReadonlyArray<Operand>,
  { shape, dtype }: Pick<Call, "shape" | "dtype">,
  l: Lowering
): View => {
  const covered = parts.reduce((n, p) => n + sizeOf(p.size), 0) === sizeOf(shape)
  return l.emit({ op: "assemble", operands, attributes: { parts, covered }, shape, dtype })
}

/** The parts stand in memory as the largest does. */
const joined: Rule = (call, l) => {
  const axis = call.attributes["axis"] as number
  const views = call.operands.filter((o): o is View => !isFill(o))
  const largest = views.reduce<View | undefined>((a, b) => (a === undefined || sizeOf(b.shape) > sizeOf(a.shape) ? b : a), undefined)
  const order =
    largest === undefined || largest.strides.some((s, d) => s === 0 && largest.shape[d] !== 1)
      ? range(call.shape.length)
      : standing(largest)
  let at = 0
  const parts = call.shapes.map((size): Part => {
    const begin = order.map((d) => (d === axis ? at : 0))
    at += size[axis]!
    return { begin, size: order.map((d) => size[d]!), stride: size.map(() => 1) }
  })
  const operands = call.operands.map((o, k) => (isFill(o) ? o : transposeView(broadcastView(o, call.shapes[k]!), order)))
  return transposeView(assemble(parts, operands, { shape: order.map((d) => call.shape[d]!), dtype: call.dtype }, l), inverse(order))
}

export const concat: Rule = (call, l) => {
  const axis = call.attributes["axis"] as number
  const last = call.shape.length - 1
  if (axis === last && isTiny(call.shape, l) && call.shapes.every((s) => s[last] === 1)) return inPieces(call.operands, call, l)
  if (axis === 0) {
    const before = withFirst(call.operands, call.shape, l)
    if (before !== undefined) return before
  }
  return joined(call, l)
}

export const unslice: Rule = (call, l) => {
  const { begin, stride } = call.attributes as { readonly begin: Shape; readonly stride: Shape }
  const [x, size, last] = [call.operands[0]!, call.shapes[0]!, call.shape.length - 1]
  if (isTiny(call.shape, l) && size.every((n, d) => d === last || (n === call.shape[d] && stride[d] === 1))) {
    const index = range(call.shape[last]!).map((i) => (i - begin[last]!) / stride[last]!)
    const covered = (i: number): boolean => Number.isInteger(i) && i >= 0 && i < size[last]!
    return inPieces(
      index.map((i) => (covered(i) ? piece(x, size, i, l) : { fill: 0, dtype: call.dtype })),
      call,
      l
    )
  }
  const order = isFill(x) || x.strides.some((s, d) => s === 0 && size[d] !== 1) ? range(size.length) : standing(x)
  const by = (list: ReadonlyArray<number>): ReadonlyArray<number> => order.map((d) => list[d]!)
  const operand = isFill(x) ? x : transposeView(broadcastView(x, size), order)
  const result = assemble([{ begin: by(begin), stride: by(stride), size: by(size) }], [operand], { ...call, shape: by(call.shape) }, l)
  return transposeView(result, inverse(order))
}

const wholeAssembly = (o: Operand, l: Lowering): Computation | undefined => {
  if (isFill(o)) return undefined
  const c = l.computation(o.value)
  return c.op === "assemble" && o.offset === 0 && sameShape(o.shape, c.shape) && isDense(o) ? c : undefined
}

/** The first and last index of a part along a dimension. */
const ends = ({ begin, size, stride }: Part, d: number): readonly [number, number] => {
  const last = begin[d]! + (size[d]! - 1) * stride[d]!
  return last < begin[d]! ? [last, begin[d]!] : [begin[d]!, last]
}

const isWithin = (inner: Part, outer: Part): boolean =>
  outer.begin.every((_, d) => {
    const [[first, last], [from, to]] = [ends(inner, d), ends(outer, d)]
    return outer.stride[d] === 1 && from <= first && last <= to
  })

const disjoint = (p: Part, q: Part): boolean =>
  p.begin.some((_, d) => {
    const [[p0, p1], [q0, q1]] = [ends(p, d), ends(q, d)]
    return p1 < q0 || q1 < p0
  })

/** What lies within one part of an assembled value is read from where the part comes from. */
export const slice: Rule = ({ attributes, operands: [x] }, l) => {
  const wanted = attributes as unknown as Part
  const { begin, size, stride } = wanted
  if (isFill(x!)) return x
  const assembly = wholeAssembly(x!, l)
  const k = assembly === undefined ? -1 : partsOf(assembly).findIndex((p) => isWithin(wanted, p))
  if (k < 0) return within(sliceView(x!, begin, size, stride), l)
  const source = assembly!.operands[k]!
  const part = partsOf(assembly!)[k]!
  return isFill(source)
    ? source
    : sliceView(
        source,
        begin.map((b, d) => b - part.begin[d]!),
        size,
        stride
      )
}

/** Values assembled from parts that do not meet add up to one assembled from all of them. */
export const sumOfAssemblies = (call: Call, l: Lowering): View | undefined => {
  const [a, b] = call.operands.map((o) => wholeAssembly(o, l))
  if (a === undefined || b === undefined || a === b || !sameShape(a.shape, b.shape) || a.dtype !== b.dtype) return undefined
  if (!partsOf(a).every((p) => partsOf(b).every((q) => disjoint(p, q)))) return undefined
  return assemble([...partsOf(a), ...partsOf(b)], [...a.operands, ...b.operands], call, l)
}
