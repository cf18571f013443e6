import * as tf from "@tensorflow/tfjs-core"
import type { Bijector } from "../bijector/bijector.ts"
import { factorise } from "../bijector/linear.ts"
import { luLinear } from "../bijector/luLinear.ts"
import { strictTriangle, toMatrix } from "../bijector/triangle.ts"
import { range } from "../graph/shape.ts"
import type { NDArray } from "../graph/types.ts"
import { uniforms } from "../random/draws.ts"
import { keyOf } from "../random/key.ts"
import { cos, sin } from "../special/index.ts"
import { asTensor } from "../trace/tensor.ts"
import { boundedLogScale } from "./boundedScaleShift.ts"
import type { FlowContext, Learnable } from "./learnable.ts"
import { countOf, learnableVector, learnedBy, type ConditionalOptions } from "./vector.ts"

export interface LinearOptions extends ConditionalOptions {
  readonly size: number
  /** The seed of a rotation to start at; by default it starts at the identity. */
  readonly rotation?: number
}

/** Turned in every plane of two coordinates, by angles of this seed; the identity without one. */
const startOf = (d: number, seed: number | undefined): NDArray => {
  const rows = range(d).map((i) => range(d).map((j) => Number(i === j)))
  if (seed !== undefined) {
    const angles = uniforms(keyOf(seed), d * d)
    for (const i of range(d)) {
      for (const j of range(i)) {
        const angle = 2 * Math.PI * angles[i * d + j]!
        const [a, b, c, s] = [rows[i]!, rows[j]!, cos(angle), sin(angle)]
        rows[i] = a.map((v, k) => c * v - s * b[k]!)
        rows[j] = a.map((v, k) => s * v + c * b[k]!)
      }
    }
  }
  return { shape: [d, d], data: Float64Array.from(rows.flat()) }
}

/**
 * y = P L U x on vectors: a linear map by its factors (see `luLinear`), of which P stays as it is at the start. The diagonal of U keeps
 * its signs, and its sizes within e^±5 of where they start.
 *
 * @see Kingma & Dhariwal 2018, "Glow", section 3.2.
 *
 * @example
 * ```ts
 * import { learnableLinear } from "pushforward/learnables"
 *
 * const layer = learnableLinear({ size: 3, rotation: 1 })
 * ```
 */
export const learnableLinear = ({ size: d, rotation, ...conditional }: LinearOptions): Learnable<Bijector, FlowContext> => {
  const name = "linear"
  countOf(`${name}.size`, d)
  const { indices, lower, upper } = factorise(startOf(d, rotation))!
  const triangle = strictTriangle(d)
  const below = triangle.positions.length
  const identity = startOf(d, undefined).data
  const diagonal = { shape: [d, d], data: upper.data.map((v, k) => (identity[k] === 1 ? v : 0)) }
  const above = { shape: [d, d], data: upper.data.map((v, k) => (identity[k] === 1 ? 0 : v)) }
  return learnedBy(learnableVector(name, d * d, conditional), (raw) => {
    const moved = (start: NDArray, from: number, transposed: boolean): tf.Tensor => {
      if (below === 0) return asTensor(start)
      const by = toMatrix(tf.slice(raw, [from], [below]), triangle)
      return tf.add(asTensor(start), transposed ? tf.transpose(by) : by)
    }
    const scales = tf.exp(boundedLogScale(tf.slice(raw, [2 * below], [d])))
    return luLinear({
      indices,
      lower: moved(lower, 0, false),
      upper: tf.add(moved(above, below, true), tf.mul(asTensor(diagonal), scales))
    })
  })
}
