/** Standardisation that heavy tails cannot spoil: medians and quantile ranges, then a logarithmic compression. */
import * as tf from "@tensorflow/tfjs-core"
import { asTensor } from "../trace/tensor.ts"
import { quantile } from "./quantile.ts"

export interface Scaling {
  readonly centre: Float64Array
  readonly scale: Float64Array
  /** The range that training has seen, half a percent left out at either end. */
  readonly low: Float64Array
  readonly high: Float64Array
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
  return { centre, scale, low: at(0.005), high: at(0.995) }
}

/** asinh((x − centre) / scale): linear near the centre, logarithmic far from it. */
export const standardised = (features: tf.Tensor, { centre, scale }: Scaling): tf.Tensor =>
  tf.asinh(tf.div(tf.sub(features, asTensor(centre)), asTensor(scale)))

/** Whether the digest of a data set lies within the range that training has seen: a truth value. */
export const isFamiliar = (digest: tf.Tensor, { low, high }: Scaling): tf.Tensor =>
  tf.all(tf.logicalAnd(tf.greaterEqual(digest, asTensor(low)), tf.lessEqual(digest, asTensor(high))))

/** The row whose greatest distance from the centre, in scales, is least. */
export const mostTypical = (rows: ArrayLike<number>, { centre, scale }: Scaling): number => {
  const width = centre.length
  const farthest = Array.from({ length: rows.length / width }, (_, i) =>
    Math.max(...Array.from(centre, (c, j) => Math.abs(rows[i * width + j]! - c) / scale[j]!))
  )
  return farthest.indexOf(Math.min(...farthest))
}
