/**
 * scan: c[t+1] = body(c[t], x[t], k), all carries stacked: [length, …carry]. The body is a graph that was recorded once, for one draw.
 * Inputs of the node: the first carry, the rows [length, …], then what the body uses from outside.
 */
import { add, arrange, concat, fill, full, mul, reshape, slice, sumAll } from "../bind.ts"
import { grad } from "../grad.ts"
import type { Recorder } from "../recorder.ts"
import { emit, newRecorder, real, recorder, within } from "../recorder.ts"
import { replay } from "../replay.ts"
import { sizeOf } from "../shape.ts"
import type { Attributes, DType, Graph, Shape } from "../types.ts"
import { isFloat } from "../types.ts"
import type { Axis, Value } from "../value.ts"
import { sizesOf, unionOf } from "../value.ts"
import type { Call, Primitive } from "./primitive.ts"
import { firstDType } from "./primitive.ts"

export interface ScanAttributes extends Attributes {
  readonly length: number
  /** How many of the inputs after the carry are rows. */
  readonly rows: number
  readonly body: Graph
  /** The body's input nodes, in the order of the scan's inputs. */
  readonly ends: ReadonlyArray<number>
  /** The body's next carry. */
  readonly next: number
}

const record = <A>(f: (r: Recorder) => A): readonly [Recorder, A] => {
  const r = newRecorder(undefined)
  r.origin = recorder().origin
  return [r, within(r, () => f(r))]
}

const inputOf = (shape: Shape, dtype: DType): Value => real(emit("input", [], { shape }, dtype))

const rowShape = (v: Value): Shape => v.shape.slice(1)

const bodyWith = (attributes: ScanAttributes, inputs: ReadonlyArray<Value>): Value =>
  replay(attributes.body, [attributes.next], new Map(attributes.ends.map((id, i) => [id, inputs[i]!])))[0]!

/** Batched by replaying the body: the carry hides whatever the body makes it vary over, a fixed point reached in a few rounds. */
const scanRule = ([first, ...rest]: ReadonlyArray<Value>, a: Attributes): Value => {
  const attributes = a as ScanAttributes
  const { length, rows } = attributes
  const build = (hidden: ReadonlyArray<Axis>) =>
    record((r) => {
      const inputs = [first!, ...rest].map((v, i): Value => {
        const axes = i === 0 ? hidden : v.axes
        const shape = i > 0 && i <= rows ? rowShape(v) : v.shape
        return { recorder: r, id: emit("input", [], { shape: [...sizesOf(axes), ...shape] }, v.dtype), shape, axes, dtype: v.dtype }
      })
      const out = bodyWith(attributes, inputs)
      const axes = unionOf([hidden, out.axes])
      return { axes, ends: inputs.map((v) => v.id), next: full(out, axes) }
    })
  let hidden = first!.axes
  let [body, built] = build(hidden)
  while (built.axes.length > hidden.length) {
    hidden = built.axes
    ;[body, built] = build(hidden)
  }
  const timeFirst = (v: Value): number => {
    const labels = [...v.axes, ...v.shape.map((_, i) => i)]
    return arrange(v.id, labels, [0, ...v.axes, ...v.shape.slice(1).map((_, i) => i + 1)])
  }
  const inputs = [full(first!, hidden), ...rest.map((v, i) => (i < rows ? timeFirst(v) : v.id))]
  const id = emit("scan", inputs, { length, rows, body: { nodes: body.nodes }, ends: built.ends, next: built.next }, first!.dtype)
  const shown = first!.shape.map((_, i) => i)
  return {
    recorder: recorder(),
    id: arrange(id, ["time", ...hidden, ...shown], [...hidden, "time", ...shown]),
    shape: [length, ...first!.shape],
    axes: hidden,
    dtype: first!.dtype
  }
}

const firstRows = (x: Value, from: number, n: number): Value =>
  slice(
    x,
    x.shape.map((_, i) => (i === 0 ? from : 0)),
    [n, ...x.shape.slice(1)]
  )

const reversed = (x: Value): Value =>
  slice(
    x,
    x.shape.map((d, i) => (i === 0 ? d - 1 : 0)),
    x.shape,
    x.shape.map((_, i) => (i === 0 ? -1 : 1))
  )

/**
 * The costate runs backwards in a scan of its own; then time is one more hidden axis, so that the gradient of what the body uses from
 * outside is one product over time and draws.
 */
const scanReverse = (g: Value, { inputs, output, attributes: a }: Call): ReadonlyArray<Value | undefined> => {
  const attributes = a as ScanAttributes
  const { length: T, rows } = attributes
  const [first, ...rest] = inputs
  const xs = rest.slice(0, rows)
  const ks = rest.slice(rows)
  const before = concat(
    T > 1 ? [reshape(first!, [1, ...first!.shape]), firstRows(output, 0, T - 1)] : [reshape(first!, [1, ...first!.shape])],
    0
  )
  const shifted = (x: Value): Value => (T > 1 ? concat([firstRows(x, 1, T - 1), firstRows(x, T - 1, 1)], 0) : x)

  const [backward, ends] = record(() => {
    const costate = inputOf(first!.shape, first!.dtype)
    const carry = inputOf(first!.shape, first!.dtype)
    const x = xs.map((v) => inputOf(rowShape(v), v.dtype))
    const gt = inputOf(first!.shape, first!.dtype)
    const k = ks.map((v) => inputOf(v.shape, v.dtype))
    const next = bodyWith(attributes, [carry, ...x, ...k])
    const [d] = grad(sumAll(mul(next, costate)), [carry])
    return { ends: [costate, carry, ...x, gt, ...k].map((v) => v.id), next: add(gt, d!).id }
  })
  // costate[t] = g[t] + (∂ c[t+1] / ∂ c[t])ᵀ costate[t+1]; the step that starts it sees a costate of 0
  const costates = reversed(
    real(
      emit(
        "scan",
        [
          fill(0, first!.shape, first!.dtype).id,
          ...[shifted(before), ...xs.map(shifted), g].map((v) => reversed(v).id),
          ...ks.map((v) => v.id)
        ],
        { length: T, rows: rows + 2, body: { nodes: backward.nodes }, ends: ends.ends, next: ends.next },
        first!.dtype
      )
    )
  )
  const time: Axis = { name: "time", size: T, depth: -1 }
  const hide = (v: Value): Value => ({ ...v, shape: rowShape(v), axes: [time] })
  const wanted = [before, ...rest].map((v) => isFloat(v.dtype))
  const [all, targets] = record((r) => {
    const [carries, costate, ...others] = [before, costates, ...rest].map((v) => inputOf(v.shape, v.dtype))
    const next = bodyWith(attributes, [hide(carries!), ...others.map((v, i) => (i < rows ? hide(v) : v))])
    const weighted = mul({ recorder: r, id: full(next, [time]), shape: [T, ...next.shape], axes: [], dtype: next.dtype }, costate!)
    const sources = [carries!, ...others].filter((_, i) => wanted[i])
    return { ends: [carries!, costate!, ...others].map((v) => v.id), gradients: grad(sumAll(weighted), sources).map((v) => v.id) }
  })
  const actual = [before, costates, ...rest]
  const gradients = replay(all, targets.gradients, new Map(targets.ends.map((id, i) => [id, actual[i]!])))
  let at = 0
  const [gc, ...gs] = wanted.map((w) => (w ? gradients[at++] : undefined))
  return [gc && reshape(firstRows(gc, 0, 1), first!.shape), ...gs]
}

export const scanning: Readonly<Record<string, Primitive>> = {
  scan: {
    shape: ({ length }, carry) => [length as number, ...carry],
    dtype: firstDType,
    keepsDTypes: true,
    shared: true,
    rule: scanRule,
    batch: () => 0,
    reverse: scanReverse,
    kernel: (node, shapes, { prepare }) => {
      const { length, rows, body, ends, next } = node.attributes as ScanAttributes
      const prepared = prepare(body, [next])
      const size = sizeOf(shapes[0]!)
      return ([first, ...rest], out) => {
        let carry = first!
        const values = new Map<number, typeof out>()
        for (let t = 0; t < length; t++) {
          values.set(ends[0]!, carry)
          rest.forEach((x, i) => {
            const n = x.length / length
            values.set(ends[i + 1]!, i < rows ? x.subarray(t * n, (t + 1) * n) : x)
          })
          out.set(prepared.run(values)[0]!, t * size)
          carry = out.subarray(t * size, (t + 1) * size)
        }
      }
    }
  }
}
