/** log (e^−κ I₀(κ)), I₀ the modified Bessel function: the mean of exp(κ (cos t − 1)) over a period, at the middles of equal parts of half of it. */
import * as tf from "@tensorflow/tfjs-core"
import { float32 } from "pushforward/math"

const cosines = (count: number): Float64Array => Float64Array.from({ length: count }, (_, i) => Math.cos((Math.PI * (i + 0.5)) / count) - 1)

/** In float64. Of M nodes the relative error is about 2 exp(−2M²/κ): 1e-17 here. */
export const logBesselI0 = (kappa: number): number => {
  const at = cosines(Math.ceil(Math.sqrt(20 * kappa)) + 8)
  return Math.log(at.reduce((sum, c) => sum + Math.exp(kappa * c), 0) / at.length)
}

const fixed = cosines(96)

/** The same of a scalar tensor by 96 nodes: to 1e-8 for κ up to 950. */
export const logBesselI0Tensor = (kappa: tf.Tensor): tf.Tensor => tf.log(tf.mean(tf.exp(tf.mul(kappa, float32(fixed)))))
