import * as tf from "@tensorflow/tfjs-core"
import { positive } from "../constraint/index.ts"
import type { Numeric } from "../trace/tensor.ts"
import type { Distribution } from "./distribution.ts"
import { elementwise } from "./elementwise.ts"
import { logGammaDensity } from "./gamma.ts"
import { logGammaDraw, positiveExp } from "./gammaDraw.ts"

/**
 * The distribution of scale / G, G ~ Gamma(shape, 1): p(x) = scale^shape x^(−shape−1) exp(−scale/x) / Γ(shape) on x > 0.
 *
 * Event shape: that of `shape` and `scale` broadcast together.
 *
 * @throws ArgumentError if `shape` or `scale` is not positive; ShapeError if they don't broadcast.
 */
export const InverseGamma = (shape: Numeric, scale: Numeric): Distribution<"real"> =>
  elementwise({
    name: "InverseGamma",
    kind: "real",
    support: positive,
    parameters: { shape: [shape, positive], scale: [scale, positive] },
    logDensity: (x, p) => tf.sub(logGammaDensity(tf.div(p.scale, x), p.shape), tf.log(x)),
    draw: (noise, event, p) => positiveExp(tf.sub(tf.log(p.scale), logGammaDraw(noise, event, p.shape)))
  })
