/** From a graph to computations: movement becomes views, and what a kernel wants dense is made dense. */
import { EngineError } from "../../../errors.ts"
import { range, sameShape, sizeOf } from "../../../graph/shape.ts"
import { simplifyGraph } from "../../../graph/simplify.ts"
import type { ScanAttributes } from "../../../graph/primitive/scan.ts"
import type { Attributes, DType, Graph, Node, Shape } from "../../../graph/types.ts"
import { liveNodes } from "../../../graph/live.ts"
import { isElementwise } from "../operations.ts"
import type { Computation, Fill, Lowered, Operand, Part } from "./computation.ts"
import { isFill } from "./computation.ts"
import { liveComputations } from "./live.ts"
import type { View } from "./view.ts"
import { broadcastView, isDense, reshapeView, sliceView, transposeView, whole } from "./view.ts"

export type Precision = "float32" | "float64"

interface Lowering {
  readonly emit: (c: Omit<Computation, "origin">) => View
  readonly dtypeOf: (o: Operand) => DType
  /** The operand as a dense value of a dtype. */
  readonly dense: (o: Operand, shape: Shape, dtype: DType) => View
  readonly computation: (value: number) => Computation
  readonly precision: Precision
}

interface Call {
  readonly attributes: Attributes
  readonly operands: ReadonlyArray<Operand>
  readonly shapes: ReadonlyArray<Shape>
  readonly shape: Shape
  readonly dtype: DType
}

type Rule = (call: Call, l: Lowering) => Operand

/** Moves a view; a number stays one. */
const moved =
  (move: (v: View, call: Call) => View): Rule =>
  (call) => {
    const x = call.operands[0]!
    return isFill(x) ? x : move(x, call)
  }

const reshape: Rule = ({ operands: [x], shapes, shape }, { dense, dtypeOf }) => {
  if (isFill(x!)) return x
  return reshapeView(x!, shape) ?? reshapeView(dense(x!, shapes[0]!, dtypeOf(x!)), shape)!
}

const partsOf = (c: Computation): ReadonlyArray<Part> => c.attributes["parts"] as ReadonlyArray<Part>

/** A value put together from parts; what none of them covers is 0. */
const assemble = (
  parts: ReadonlyArray<Part>,
  operands: ReadonlyArray<Operand>,
  { shape, dtype }: Pick<Call, "shape" | "dtype">,
  l: Lowering
): View =>
  l.emit({
    op: "assemble",
    operands,
    attributes: { parts, covered: parts.reduce((n, p) => n + sizeOf(p.size), 0) === sizeOf(shape) },
    shape,
    dtype
  })

const concat: Rule = (call, l) => {
  const axis = call.attributes["axis"] as number
  let at = 0
  const parts = call.shapes.map((size): Part => {
    const begin = size.map((_, d) => (d === axis ? at : 0))
    at += size[axis]!
    return { begin, size, stride: size.map(() => 1) }
  })
  return assemble(parts, call.operands, call, l)
}

const unslice: Rule = (call, l) => {
  const { begin, stride } = call.attributes as { readonly begin: Shape; readonly stride: Shape }
  return assemble([{ begin, stride, size: call.shapes[0]! }], call.operands, call, l)
}

const wholeAssembly = (o: Operand, l: Lowering): Computation | undefined => {
  if (isFill(o)) return undefined
  const c = l.computation(o.value)
  return c.op === "assemble" && o.offset === 0 && sameShape(o.shape, c.shape) && isDense(o) ? c : undefined
}

/** What lies within one part of an assembled value is read from where the part comes from. */
const slice: Rule = ({ attributes, operands: [x] }, l) => {
  const { begin, size, stride } = attributes as { readonly begin: Shape; readonly size: Shape; readonly stride: Shape }
  if (isFill(x!)) return x
  const assembly = wholeAssembly(x!, l)
  const parts = assembly === undefined ? [] : partsOf(assembly)
  const k = parts.findIndex((p) =>
    p.begin.every((b, d) => {
      const last = begin[d]! + (size[d]! - 1) * stride[d]!
      return p.stride[d] === 1 && Math.min(begin[d]!, last) >= b && Math.max(begin[d]!, last) < b + p.size[d]!
    })
  )
  if (k < 0) return sliceView(x!, begin, size, stride)
  const part = assembly!.operands[k]!
  return isFill(part)
    ? part
    : sliceView(
        part,
        begin.map((b, d) => b - parts[k]!.begin[d]!),
        size,
        stride
      )
}

const disjoint = (p: Part, q: Part): boolean =>
  p.begin.some((_, d) => {
    const ends = ({ begin, size, stride }: Part): readonly [number, number] => {
      const last = begin[d]! + (size[d]! - 1) * stride[d]!
      return [Math.min(begin[d]!, last), Math.max(begin[d]!, last)]
    }
    const [p0, p1] = ends(p)
    const [q0, q1] = ends(q)
    return p1 < q0 || q1 < p0
  })

const elementwise =
  (op: string): Rule =>
  ({ operands, shape, dtype, attributes }, l) =>
    l.emit({
      op,
      operands: operands.map((o) => (isFill(o) ? o : broadcastView(o, shape))),
      attributes: op === "cast" ? {} : attributes,
      shape,
      dtype
    })

const isNumber = (o: Operand, value: number): boolean => isFill(o) && o.fill === value

/** `o` where `op` with a neutral other operand gives it back. */
const neutral =
  (op: string, value: number): Rule =>
  (call, l) => {
    const [a, b] = call.operands as [Operand, Operand]
    const kept = isNumber(b, value) ? a : isNumber(a, value) && op !== "sub" && op !== "div" ? b : undefined
    if (kept === undefined || isFill(kept) || l.dtypeOf(kept) !== call.dtype) return elementwise(op)(call, l)
    return broadcastView(kept, call.shape)
  }

/** Values assembled from parts that do not meet add up to one assembled from all of them. */
const add: Rule = (call, l) => {
  const [a, b] = call.operands.map((o) => wholeAssembly(o, l))
  if (a !== undefined && b !== undefined && a !== b && sameShape(a.shape, b.shape) && a.dtype === b.dtype) {
    if (partsOf(a).every((p) => partsOf(b).every((q) => disjoint(p, q)))) {
      return assemble([...partsOf(a), ...partsOf(b)], [...a.operands, ...b.operands], call, l)
    }
  }
  return neutral("add", 0)(call, l)
}

const cast: Rule = (call, l) => {
  const x = call.operands[0]!
  if (isFill(x)) return { fill: castNumber(x.fill, call.dtype), dtype: call.dtype }
  return l.dtypeOf(x) === call.dtype ? x : elementwise("cast")(call, l)
}

const castNumber = (x: number, dtype: DType): number =>
  dtype === "bool" ? Number(x !== 0) : dtype === "f32" || dtype === "f64" ? x : Math.trunc(x)

const asView = (call: Call, k: number, dtype: DType, l: Lowering): View => {
  const o = call.operands[k]!
  return isFill(o) || l.dtypeOf(o) !== dtype ? l.dense(o, call.shapes[k]!, dtype) : o
}

/** A kernel that reads strided operands of given dtypes. */
const strided =
  (op: string, dtypes: (call: Call, k: number, l: Lowering) => DType): Rule =>
  (call, l) =>
    l.emit({
      op,
      operands: call.operands.map((_, k) => asView(call, k, dtypes(call, k, l), l)),
      attributes: call.attributes,
      shape: call.shape,
      dtype: call.dtype
    })

/** A kernel that reads dense operands of given dtypes. */
const packed =
  (op: string, dtypes: (call: Call, k: number, l: Lowering) => DType): Rule =>
  (call, l) =>
    l.emit({
      op,
      operands: call.operands.map((o, k) => l.dense(o, call.shapes[k]!, dtypes(call, k, l))),
      attributes: call.attributes,
      shape: call.shape,
      dtype: call.dtype
    })

const own = (call: Call, k: number, l: Lowering): DType => l.dtypeOf(call.operands[k]!)
const result = (call: Call): DType => call.dtype
const indexed = (call: Call, k: number): DType => (k === 1 ? "i32" : call.dtype)

const dot: Rule = (call, l) => {
  const [a, b] = call.operands.map((_, k) => {
    const v = asView(call, k, call.dtype, l)
    const rank = v.shape.length
    const flat =
      rank <= 3
        ? v
        : (reshapeView(v, [sizeOf(v.shape.slice(0, -2)), ...v.shape.slice(-2)]) ??
          reshapeView(l.dense(v, v.shape, call.dtype), [sizeOf(v.shape.slice(0, -2)), ...v.shape.slice(-2)])!)
    const turned = call.attributes[k === 0 ? "transposeA" : "transposeB"] === true
    const n = flat.shape.length
    return turned ? transposeView(flat, [...range(n - 2), n - 1, n - 2]) : flat
  })
  return l.emit({ op: "dot", operands: [a!, b!], attributes: {}, shape: call.shape, dtype: call.dtype })
}

const scan: Rule = (call, l) => {
  const { length, rows, body, ends, next } = call.attributes as ScanAttributes
  const inner = lower(body, [next], ends, l.precision)
  const operands = call.operands.map((o, k) => l.dense(o, call.shapes[k]!, realised(body.nodes[ends[k]!]!.dtype, l.precision)))
  // the constants of the body come from outside, like all that does not change from step to step
  const constants = inner.computations.flatMap((c, i) => (c.op === "constant" ? [i] : []))
  const outside = constants.map((i) => l.emit(inner.computations[i]!))
  const lowered: Lowered = {
    computations: inner.computations.map((c) => (c.op === "constant" ? { ...c, op: "input", attributes: {} } : c)),
    inputs: [...inner.inputs, ...constants],
    outputs: inner.outputs
  }
  return l.emit({
    op: "scan",
    operands: [...operands, ...outside],
    attributes: { length, rows, lowered },
    shape: call.shape,
    dtype: call.dtype
  })
}

const reduce: Rule = (call, l) => {
  const axes = call.attributes["axes"] as ReadonlyArray<number>
  if (axes.every((d) => call.shapes[0]![d] === 1)) return reshape({ ...call, operands: [cast(call, l)] }, l)
  const x = asView(call, 0, l.dtypeOf(call.operands[0]!), l)
  return l.emit({ op: "reduce", operands: [x], attributes: { by: call.attributes["by"], axes }, shape: call.shape, dtype: call.dtype })
}

const rules: Readonly<Record<string, Rule>> = {
  reshape,
  transpose: moved((v, { attributes }) => transposeView(v, attributes["permutation"] as Shape)),
  broadcast: moved((v, { shape }) => broadcastView(v, shape)),
  slice,
  concat,
  unslice,
  stopGradient: moved((v) => v),
  cast,
  add,
  sub: neutral("sub", 0),
  mul: neutral("mul", 1),
  div: neutral("div", 1),
  ...Object.fromEntries(
    ["sum", "prod", "max", "min"].map((by): [string, Rule] => [
      by,
      (call, l) => reduce({ ...call, attributes: { ...call.attributes, by } }, l)
    ])
  ),
  argmax: strided("argmax", own),
  cumsum: strided("cumsum", own),
  sort: packed("sort", own),
  argsort: packed("argsort", own),
  take: strided("take", indexed),
  put: strided("put", indexed),
  onehot: packed("onehot", () => "i32"),
  dot,
  cholesky: packed("cholesky", result),
  triangularSolve: packed("triangularSolve", result),
  uniform: packed("uniform", () => "u32"),
  scan
}

/** The primitives that the engine can compile. */
export const isSupported = (op: string): boolean =>
  op in rules || isElementwise(op) || op === "input" || op === "constant" || op === "fill" || op === "gather"

const realised = (dtype: DType, precision: Precision): DType => (dtype === "f32" && precision === "float64" ? "f64" : dtype)

/** Lowers what the outputs need. `inputs` are nodes whose values come from outside. */
export const lower = (source: Graph, wanted: ReadonlyArray<number>, inputs: ReadonlyArray<number>, precision: Precision): Lowered => {
  const { graph, mapped } = simplifyGraph(source, wanted)
  const outputs = wanted.map((o) => mapped.get(o)!)
  const live = liveNodes(graph, outputs)
  const list: Array<Computation> = []
  const operandOf = new Map<number, Operand>()
  const made = new Map<string, View>()
  let origin = ""
  const emit: Lowering["emit"] = (c) => whole(list.push({ ...c, origin }) - 1, c.shape)
  const dtypeOf = (o: Operand): DType => (isFill(o) ? o.dtype : list[o.value]!.dtype)
  const dense: Lowering["dense"] = (o, shape, dtype) => {
    if (!isFill(o) && dtypeOf(o) === dtype && isDense(o)) return o
    const key = `${JSON.stringify(isFill(o) ? String(o.fill) : o)}[${shape}]${dtype}`
    const v =
      made.get(key) ??
      emit({
        op: dtypeOf(o) === dtype ? "copy" : "cast",
        operands: [isFill(o) ? o : broadcastView(o, shape)],
        attributes: {},
        shape,
        dtype
      })
    made.set(key, v)
    return v
  }
  const lowering: Lowering = { emit, dtypeOf, dense, computation: (value) => list[value]!, precision }

  const lowered = (node: Node): Operand => {
    const dtype = realised(node.dtype, precision)
    if (node.op === "fill") return { fill: castNumber(node.attributes["value"] as number, dtype), dtype } satisfies Fill
    if (node.op === "input" || node.op === "constant")
      return emit({ op: node.op, operands: [], attributes: node.attributes, shape: node.shape, dtype })
    const rule = rules[node.op] ?? (isElementwise(node.op) ? elementwise(node.op) : undefined)
    if (rule === undefined) throw new EngineError({ engine: "wasm", operation: "compile", reason: `there is no kernel for ${node.op}` })
    const operands = node.inputs.map((i) => operandOf.get(i)!)
    const shapes = node.inputs.map((i) => graph.nodes[i]!.shape)
    return rule({ attributes: node.attributes, operands, shapes, shape: node.shape, dtype }, lowering)
  }
  graph.nodes.forEach((node, id) => {
    if (!live.has(id)) return
    origin = node.origin
    operandOf.set(id, lowered(node))
  })
  const results = outputs.map((id) => {
    const o = operandOf.get(id)!
    const { shape, dtype } = graph.nodes[id]!
    const type = realised(dtype, precision)
    const ready = !isFill(o) && o.offset === 0 && isDense(o) && sizeOf(list[o.value]!.shape) === sizeOf(shape)
    const c = ready ? list[o.value]! : undefined
    if (c !== undefined && c.op !== "input" && c.op !== "constant") return (o as View).value
    return emit({ op: "copy", operands: [isFill(o) ? o : broadcastView(o, shape)], attributes: {}, shape, dtype: type }).value
  })
  const inputOf = inputs.map((i) => {
    const o = operandOf.get(mapped.get(i) ?? -1)
    return o === undefined || isFill(o) ? undefined : o.value
  })
  return liveComputations({ computations: list, inputs: inputOf, outputs: results })
}
