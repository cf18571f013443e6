/** Standardisation that heavy tails cannot spoil: medians and quantile ranges, then a logarithmic compression. */
import * as tf from "@tensorflow/tfjs-core"
import { asTensor } from "../trace/tensor.ts"

export interface Scaling {
  readonly centre: Float64Array
  readonly scale: Float64Array
  /** The range that training has seen, its most extreme thousandths left out. */
  readonly low: Float64Array
  readonly high: Float64Array
}

const quantile = (sorted: Float64Array, level: number): number => {
  const at = level * (sorted.length - 1)
  const below = Math.floor(at)
  const upper = sorted[Math.min(below + 1, sorted.length - 1)]!
  return sorted[below]! + (at - below) * (upper - sorted[below]!)
}

/** Of `count` rows of `width` numbers: the median, and half the range from the 16% to the 84% quantile, a standard deviation for a normal. */
export const scalingOf = (rows: Float64Array, width: number): Scaling => {
  const count = rows.length / width
  const columns = Array.from({ length: width }, (_, j) => Float64Array.from({ length: count }, (_, i) => rows[i * width + j]!).sort())
  const at = (level: number): Float64Array => Float64Array.from(columns, (c) => quantile(c, level))
  const centre = at(0.5)
  const [lower, upper] = [at(0.16), at(0.84)]
  const spread = Float64Array.from(columns, (c) => c.at(-1)! - c[0]!)
  const scale = centre.map((c, j) => [(upper[j]! - lower[j]!) / 2, spread[j]! / 2, Math.abs(c), 1].find((s) => s > 0)!)
  return { centre, scale, low: at(0.001), high: at(0.999) }
}

const scaled = (features: tf.Tensor, { centre, scale }: Scaling): tf.Tensor => tf.div(tf.sub(features, asTensor(centre)), asTensor(scale))

/** asinh((x − centre) / scale): linear near the centre, logarithmic far from it. */
export const standardised = (features: tf.Tensor, scaling: Scaling): tf.Tensor => tf.asinh(scaled(features, scaling))

/**
 * What a data set counts in an objective that grows with the square of the data: 1 / (1 + mean x²). The posterior of a data set is the
 * optimum whatever it counts; without weights the rare extreme ones of a heavy-tailed predictive would drown all others.
 */
export const weightOf = (features: tf.Tensor, scaling: Scaling): tf.Tensor =>
  tf.reciprocal(tf.add(tf.mean(tf.square(scaled(features, scaling))), 1))
