/** One operation under every layout of hidden axes, against eager tfjs one draw at a time. */
import * as tf from "@tensorflow/tfjs-core"
import { contextOf, prepare } from "../../src/graph/interpret.ts"
import { range, sizeOf } from "../../src/graph/shape.ts"
import type { NDArray, Shape } from "../../src/graph/types.ts"
import type { Axis } from "../../src/trace/axes.ts"
import { enter, leave, newAxis, under } from "../../src/trace/axes.ts"
import { asTensor } from "../../src/trace/tensor.ts"
import { gradient, placeholder, programOf, trace } from "../../src/trace/trace.ts"
import { differences, worstError } from "../support/differences.ts"
import { normals } from "../support/numbers.ts"

export type Domain = "real" | "positive" | "unit"

export interface Case {
  readonly name: string
  readonly inputs: ReadonlyArray<Shape>
  readonly f: (...inputs: ReadonlyArray<tf.Tensor>) => tf.Tensor | ReadonlyArray<tf.Tensor>
  readonly domain: Domain
  /** False where the result is a step function or where differences straddle a jump. */
  readonly gradient: boolean
}

/** For each input the numbers of the axes that it hides, outermost first. */
export type Layout = ReadonlyArray<ReadonlyArray<number>>

/** One axis on every subset of the inputs; an axis for each input, in both orders; all axes on the first. */
export const layoutsOf = (count: number): ReadonlyArray<Layout> => {
  const each = range(count)
  const subsets = range(2 ** count - 1, 1).map((mask) => each.map((i) => ((mask >> i) & 1 ? [0] : [])))
  return count === 1
    ? subsets
    : [...subsets, each.map((i) => [i]), each.map((i) => [count - 1 - i]), each.map((i) => (i === 0 ? each : [i]))]
}

const axisSizes = [3, 2, 4]

const sample = (seed: number, shape: Shape, domain: Domain): NDArray => ({
  shape,
  data: Float32Array.from(normals(seed, sizeOf(shape)), (z) =>
    domain === "positive" ? 0.3 + Math.abs(z) : domain === "unit" ? 0.9 * Math.tanh(z) : z
  )
})

const listOf = (x: tf.Tensor | ReadonlyArray<tf.Tensor>): ReadonlyArray<tf.Tensor> => (x instanceof tf.Tensor ? [x] : x)

/** Runs `body` under one axis of each size. */
const underAxes = <A>(sizes: ReadonlyArray<number>, body: (axes: ReadonlyArray<Axis>) => A, axes: ReadonlyArray<Axis> = []): A => {
  if (axes.length === sizes.length) return body(axes)
  const axis = newAxis(`axis ${axes.length}`, sizes[axes.length]!)
  return under(axis, () => underAxes(sizes, body, [...axes, axis]))
}

const leaveAll = (t: tf.Tensor, axes: ReadonlyArray<Axis>): tf.Tensor => axes.reduceRight((x, axis) => leave(x, axis), t)

/** A sum of everything with weights of its own, so that each element's gradient is told apart. */
const weighted = (seed: number, t: tf.Tensor): tf.Tensor =>
  tf.sum(tf.mul(t, asTensor({ shape: t.shape, data: Float64Array.from(normals(seed, t.size)) })))

export interface Comparison {
  readonly shapes: ReadonlyArray<{ readonly traced: Shape; readonly eager: Shape }>
  /** Largest difference of a value, relative to 1 + its size. */
  readonly valueError: number
  /** Worst error of the gradient against central differences; 0 where none is asked for. */
  readonly gradientError: number
}

const difference = (a: number, b: number): number =>
  Object.is(a, b) || (a === 0 && b === 0) ? 0 : Number.isFinite(a) && Number.isFinite(b) ? Math.abs(a - b) / (1 + Math.abs(b)) : Infinity

export const compare = (c: Case, layout: Layout, seed: number): Comparison => {
  const sizes = axisSizes.slice(0, Math.max(...layout.flat()) + 1)
  const data = c.inputs.map((shape, i) => sample(100 * seed + i, [...layout[i]!.map((a) => sizes[a]!), ...shape], c.domain))
  const { result, recorder } = trace(() => {
    const inputs = data.map((x, i) => placeholder(`input ${i}`, x.shape))
    const { shown, shapes, total } = underAxes(sizes, (axes) => {
      const outputs = listOf(c.f(...inputs.map((t, i) => layout[i]!.reduce((x, a) => enter(x, axes[a]!), t))))
      const left = outputs.map((t) => leaveAll(t, axes))
      return {
        shapes: outputs.map((t) => t.shape),
        shown: left,
        total: c.gradient ? left.filter((t) => t.dtype === "float32").map((t, i) => weighted(i, t)) : []
      }
    })
    const gradients = total.length > 0 ? gradient(tf.addN([...total]), inputs) : []
    return { shapes, count: shown.length, program: programOf([...shown, ...total, ...gradients]), totals: total.length }
  })
  const { program, shapes, count, totals } = result
  const feed = new Map(
    program.inputs.flatMap(({ node, data: own }, i) => [[node, i < data.length ? Float64Array.from(data[i]!.data) : own!] as const])
  )
  const prepared = prepare(recorder, program.outputs, contextOf("float64"))
  const values = prepared.run(feed).map((v) => Float64Array.from(v))
  let valueError = 0
  const compared: Array<{ readonly traced: Shape; readonly eager: Shape }> = []
  for (let row = 0; row < sizeOf(sizes); row++) {
    const at = sizes.map((n, i) => Math.floor(row / sizeOf(sizes.slice(i + 1))) % n)
    tf.tidy(() => {
      const rows = data.map((x, i) =>
        layout[i]!.reduce((t, a) => tf.squeeze(tf.slice(t, [at[a]!], [1]), [0]), tf.tensor(x.data, [...x.shape]))
      )
      listOf(c.f(...rows)).forEach((want, k) => {
        compared.push({ traced: shapes[k]!, eager: want.shape })
        const expected = want.dataSync()
        for (let j = 0; j < want.size; j++) valueError = Math.max(valueError, difference(values[k]![row * want.size + j]!, expected[j]!))
      })
    })
  }
  const sum = (): number =>
    prepared
      .run(feed)
      .slice(count, count + totals)
      .reduce((s, v) => s + v[0]!, 0)
  const gradientError = Math.max(
    0,
    ...values.slice(count + totals).map((g, i) => worstError(g, differences(sum, feed.get(program.inputs[i]!.node) as Float64Array)))
  )
  return { shapes: compared, valueError, gradientError }
}
