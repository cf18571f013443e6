import * as tf from "@tensorflow/tfjs-core"
import { ArgumentError, ShapeError } from "../errors.ts"
import { bind, cast } from "../graph/bind.ts"
import type { ScanAttributes } from "../graph/primitive/scan.ts"
import type { Recorder } from "../graph/recorder.ts"
import { emit, isRecording, newRecorder, real, recorder, within } from "../graph/recorder.ts"
import { sameShape, showShape } from "../graph/shape.ts"
import type { DType, Shape } from "../graph/types.ts"
import type { Value } from "../graph/value.ts"
import { isDouble, tensorOf, valueOf } from "../trace/backend.ts"
import { hoistNoise } from "../trace/noise.ts"
import { float32, float64 } from "./precision.ts"

/** A tensor, or a record of tensors. */
export type Carry = tf.Tensor | { readonly [name: string]: tf.Tensor }

const isTensor = (x: unknown): x is tf.Tensor => x instanceof tf.Tensor

const parts = (x: Carry): ReadonlyArray<readonly [string, tf.Tensor]> => (isTensor(x) ? [["", x]] : Object.entries(x))

const rebuild = (like: Carry, tensors: ReadonlyArray<tf.Tensor>): Carry =>
  isTensor(like) ? tensors[0]! : Object.fromEntries(Object.keys(like).map((k, i) => [k, tensors[i]!]))

/** Several carries travel as one vector, in float64 if one of them is; a single tensor as it is. */
const pack = (c: Carry): tf.Tensor => (isTensor(c) ? c : tf.concat(parts(c).map(([, t]) => tf.reshape(t, [t.size]))))

const unpack = (packed: tf.Tensor, like: Carry, doubles: ReadonlyArray<boolean>, lead: ReadonlyArray<number>): Carry => {
  if (isTensor(like)) return packed
  let at = 0
  const tensors = parts(like).map(([, t], i) => {
    const piece = tf.slice(packed, [...lead.map(() => 0), at], [...lead, t.size])
    at += t.size
    const shaped = tf.reshape(piece, [...lead, ...t.shape])
    return doubles[i] === true ? shaped : float32(shaped)
  })
  return rebuild(like, tensors)
}

const checkNext = (name: string, carry: Carry, next: Carry): void => {
  const got = new Map(parts(next))
  for (const [k, t] of parts(carry)) {
    const n = got.get(k)
    if (n === undefined || !isTensor(n) || !sameShape(n.shape, t.shape)) {
      throw new ShapeError({
        where: `${name}${k === "" ? "" : `, carry "${k}"`}`,
        expected: `the next carry in the shape of the first, ${showShape(t.shape)}`,
        received: isTensor(n) ? showShape(n.shape) : "nothing"
      })
    }
  }
}

/** The carry with those parts in float64 that are in the next one; undefined where there is nothing to change. */
const widened = <C extends Carry>(carry: C, next: Carry): C | undefined => {
  const after = new Map(parts(next))
  const grows = parts(carry).map(([k, t]) => isDouble(after.get(k)!) && !isDouble(t))
  if (!grows.includes(true)) return undefined
  return rebuild(
    carry,
    parts(carry).map(([, t], i) => (grows[i] === true ? float64(t) : t))
  ) as C
}

/**
 * carry ← step(carry, x) for each row x of `xs`; gives all carries, stacked on a leading axis. The step is written for one row and one
 * draw, and recorded once; noise that it draws is independent over time. A carry that goes on in float64 begins so.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs"
 * import { scan } from "pushforward/math"
 *
 * scan((sum, x) => tf.add(sum, x), tf.scalar(0), tf.tensor1d([1, 2, 3])).print() // [1, 3, 6]
 * ```
 */
export const scan = <C extends Carry, X extends Carry>(
  step: (carry: C, x: X) => C,
  init: C,
  xs: X,
  options: { readonly name?: string; readonly length?: number } = {}
): C => {
  const name = options.name ?? "scan"
  const rows = parts(xs)
  const T = rows[0]?.[1].shape[0] ?? options.length
  if (T === undefined || T < 1) {
    throw new ArgumentError({ argument: `${name}.xs`, expected: "at least one row", received: "none" })
  }
  for (const [k, t] of rows) {
    if (t.shape[0] !== T) {
      throw new ShapeError({ where: `${name}, rows ${k === "" ? "" : `"${k}"`}`, expected: `[${T}, …]`, received: showShape(t.shape) })
    }
  }
  return (isRecording() ? traced(name, T, step, init, xs) : eager(T, step, init, xs)) as C
}

const eager = <C extends Carry, X extends Carry>(T: number, step: (carry: C, x: X) => C, init: C, xs: X): Carry => {
  const carries: Array<Carry> = []
  let carry = init
  for (let t = 0; t < T; t++) {
    carry = step(
      carry,
      rebuild(
        xs,
        parts(xs).map(([, r]) => tf.squeeze(tf.slice(r, [t], [1]), [0]))
      ) as X
    )
    carries.push(carry)
  }
  return rebuild(
    init,
    parts(init).map((_, i) => tf.stack(carries.map((c) => parts(c)[i]![1])))
  )
}

const input = (shape: Shape, dtype: DType): Value => real(emit("input", [], { shape }, dtype))

const traced = <C extends Carry, X extends Carry>(name: string, T: number, step: (carry: C, x: X) => C, init: C, xs: X): Carry => {
  const outer = recorder()
  const first = valueOf(pack(init))
  const doubles = parts(init).map(([, t]) => isDouble(t))
  const rows = parts(xs).map(([, t]) => valueOf(t))
  const body: Recorder = newRecorder(outer)
  const { noise, ends, next, after } = within(body, () => {
    const carry = input(first.shape, first.dtype)
    const inputs = rows.map((v) => input(v.shape.slice(1), v.dtype))
    const { drawn, result } = hoistNoise(body, name, T, () => {
      const c = unpack(tensorOf(carry), init, doubles, []) as C
      const out = step(c, rebuild(xs, inputs.map(tensorOf)) as X)
      checkNext(name, c, out)
      return out
    })
    return { noise: drawn, ends: [carry, ...inputs], next: cast(valueOf(pack(result)), first.dtype), after: result }
  })
  const wider = widened(init, after)
  if (wider !== undefined) return traced(name, T, step, wider, xs)
  const captured = [...body.captured.values()]
  const attributes: ScanAttributes = {
    length: T,
    rows: rows.length + noise.length,
    body: { nodes: body.nodes },
    ends: [...ends, ...noise.map((n) => n.inside), ...captured.map((c) => c.inside)].map((v) => v.id),
    next: next.id
  }
  const stacked = bind("scan", [first, ...rows, ...noise.map((n) => n.outside), ...captured.map((c) => c.outside)], attributes)
  return unpack(tensorOf(stacked), init, doubles, [T])
}
