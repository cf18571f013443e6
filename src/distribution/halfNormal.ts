import * as tf from "@tensorflow/tfjs-core"
import { nonnegative, positive } from "../constraint/index.ts"
import { constant } from "../trace/tensor.ts"
import type { Numeric } from "../trace/tensor.ts"
import type { Distribution } from "./distribution.ts"
import { elementwise } from "./elementwise.ts"
import { LOG_TWO } from "./logarithms.ts"
import { normalLogDensity } from "./normal.ts"

/**
 * The distribution of |X|, X ~ Normal(0, scale): twice the normal density on x ≥ 0.
 *
 * Event shape: that of `scale`.
 *
 * @throws ArgumentError if `scale` is not positive.
 */
export const HalfNormal = (scale: Numeric): Distribution<"real"> =>
  elementwise({
    name: "HalfNormal",
    kind: "real",
    support: nonnegative,
    parameters: { scale: [scale, positive] },
    logDensity: (x, p) => tf.add(normalLogDensity(x, constant(0), p.scale), constant(LOG_TWO)),
    draw: (noise, shape, p) => tf.mul(p.scale, tf.abs(noise.normal(shape)))
  })
