import * as tf from "@tensorflow/tfjs-core"
import type { Bijector } from "../bijector/bijector.ts"
import { scaleShift } from "../bijector/scaleShift.ts"

/** log-scales saturate smoothly at ± this. */
const bound = 5

/**
 * The log-scale r / √(1 + (r/5)²) of any real number r: the identity to second order, smooth, with a gradient everywhere that falls off as
 * a power of r, and scales from e⁻⁵ to e⁵, so that neither direction of a deep flow overflows. (Hard clamps kill the gradient, a plain
 * exponential explodes, and bounds of 1 or 2 are too narrow for funnels.)
 */
export const boundedLogScale = (r: tf.Tensor): tf.Tensor => tf.mul(r, tf.rsqrt(tf.add(tf.mul(tf.square(r), 1 / (bound * bound)), 1)))

/** Shift and log-scale from two vectors of a network's outputs. */
export const boundedScaleShift = (raw: tf.Tensor, size: number, logScale = boundedLogScale): Bijector =>
  scaleShift({ shift: tf.slice(raw, [0], [size]), logScale: logScale(tf.slice(raw, [size], [size])) })
