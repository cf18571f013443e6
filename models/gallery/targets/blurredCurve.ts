/** A point uniform in the parameter of a curve, with normal noise: p(x) = 1/(b − a) ∫ₐᵇ N(x; c(t), σ²) dt by Gauss–Legendre quadrature. */
import * as tf from "@tensorflow/tfjs-core"
import { float32 } from "pushforward/math"
import type { Rule } from "./quadrature.ts"

/** A curve at the nodes of a rule: its coordinates, by dimension, and the logs of the nodes' shares. */
export interface SampledCurve {
  readonly coordinates: ReadonlyArray<Float64Array>
  readonly logShares: Float64Array
}

/**
 * How many nodes of Gauss–Legendre quadrature a curve needs whose speed |c′(t)| is at most `speed`, over a range of this width: the relative
 * error is about exp(−2π² (σ/h)²) where the nodes are at distance h, π/2 times the average in the middle.
 */
export const nodesFor = (width: number, speed: number, noise: number): number =>
  Math.ceil((1.25 * (Math.PI / 2) * width * speed) / noise) + 8

export const sampleCurve = (curve: (t: number) => ReadonlyArray<number>, { nodes, weights }: Rule): SampledCurve => {
  const points = Array.from(nodes, curve)
  const width = weights.reduce((sum, w) => sum + w, 0)
  return {
    coordinates: points[0]!.map((_, k) => Float64Array.from(points, (point) => point[k]!)),
    logShares: weights.map((w) => Math.log(w / width))
  }
}

const logConstant = (dimension: number, noise: number): number => (-dimension / 2) * Math.log(2 * Math.PI * noise ** 2)

/** Terms of a sum are left out where they have fallen to exp(−CUT) of the largest. */
const CUT = 40

/** log p(x), in float64. */
export const blurredCurve = ({ coordinates, logShares }: SampledCurve, noise: number): ((x: ArrayLike<number>) => number) => {
  const constant = logConstant(coordinates.length, noise)
  const scale = -0.5 / noise ** 2
  const terms = new Float64Array(logShares.length)
  return (x) => {
    terms.set(logShares)
    coordinates.forEach((coordinate, k) => {
      const at = x[k]!
      for (let j = 0; j < terms.length; j++) terms[j]! += scale * (coordinate[j]! - at) ** 2
    })
    let largest = -Infinity
    for (const term of terms) if (term > largest) largest = term
    let sum = 0
    for (const term of terms) if (largest - term < CUT) sum += Math.exp(term - largest)
    return constant + largest + Math.log(sum)
  }
}

/** The same of one point [d] as a tensor. */
export const blurredCurveTensor = ({ coordinates, logShares }: SampledCurve, noise: number): ((x: tf.Tensor) => tf.Tensor) => {
  const constant = logConstant(coordinates.length, noise)
  return (x) => {
    const squares = tf
      .unstack(x)
      .map((at, k) => tf.square(tf.sub(float32(coordinates[k]!), at)))
      .reduce((a, b) => tf.add(a, b))
    return tf.add(tf.logSumExp(tf.add(float32(logShares), tf.mul(squares, float32(-0.5 / noise ** 2)))), float32(constant))
  }
}
