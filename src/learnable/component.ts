/** Bijectors by component whose parameters come in one vector, from a conditioner or learned as they are. */
import * as tf from "@tensorflow/tfjs-core"
import type { Bijector } from "../bijector/bijector.ts"
import { compose } from "../bijector/compose.ts"
import { elementwiseAffine } from "../bijector/elementwiseAffine.ts"
import { rationalQuadraticSpline } from "../bijector/rationalQuadraticSpline.ts"
import { ArgumentError } from "../errors.ts"
import { boundedScaleShift } from "./boundedScaleShift.ts"

export interface Component {
  /** Numbers per component. */
  readonly numbers: number
  /** The bijector of vectors of `size`, from a vector of `numbers` times as many; the identity at 0. */
  readonly build: (raw: tf.Tensor, size: number) => Bijector
  /** The component that number k of that vector is for. */
  readonly owner: (k: number, size: number) => number
}

export const translation: Component = {
  numbers: 1,
  build: (raw) => elementwiseAffine(raw, 1),
  owner: (k) => k
}

/** `logScale` takes the conditioner's output to a log-scale. */
export const scaleAndShift = (logScale?: (r: tf.Tensor) => tf.Tensor): Component => ({
  numbers: 2,
  build: (raw, size) => boundedScaleShift(raw, size, logScale),
  owner: (k, size) => k % size
})

export interface SplineOptions {
  /** By default 8. */
  readonly bins?: number
  /** The spline acts on [−bound, bound]; by default 5. */
  readonly bound?: number
}

/** The number of bins, checked. */
export const binsOf = (name: string, { bins = 8 }: SplineOptions): number => {
  if (Number.isInteger(bins) && bins >= 2 && bins <= 500) return bins
  throw new ArgumentError({ argument: `${name}.bins`, expected: "an integer from 2 to 500", received: String(bins) })
}

/** A spline, then a scale and shift, so that the lines beyond the spline have a slope of their own. */
export const splineAndScale = (name: string, options: SplineOptions): Component => {
  const knots = 3 * binsOf(name, options) - 1
  return {
    numbers: knots + 2,
    build: (raw, size) =>
      compose(
        rationalQuadraticSpline(tf.reshape(tf.slice(raw, [2 * size], [size * knots]), [size, knots]), options.bound ?? 5),
        boundedScaleShift(raw, size)
      ),
    owner: (k, size) => (k < 2 * size ? k % size : Math.floor((k - 2 * size) / knots))
  }
}
