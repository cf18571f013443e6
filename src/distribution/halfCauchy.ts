import * as tf from "@tensorflow/tfjs-core"
import { nonnegative, positive } from "../constraint/index.ts"
import { constant } from "../trace/tensor.ts"
import type { Numeric } from "../trace/tensor.ts"
import { cauchyLogDensity } from "./cauchy.ts"
import type { Distribution } from "./distribution.ts"
import { elementwise } from "./elementwise.ts"
import { LOG_TWO } from "./logarithms.ts"

/**
 * The distribution of |X|, X ~ Cauchy(0, scale): twice the Cauchy density on x ≥ 0.
 *
 * Event shape: that of `scale`.
 *
 * @throws ArgumentError if `scale` is not positive.
 */
export const HalfCauchy = (scale: Numeric): Distribution<"real"> =>
  elementwise({
    name: "HalfCauchy",
    kind: "real",
    support: nonnegative,
    parameters: { scale: [scale, positive] },
    logDensity: (x, p) => tf.add(cauchyLogDensity(x, constant(0), p.scale), constant(LOG_TWO)),
    draw: (noise, shape, p) => tf.mul(p.scale, tf.tan(tf.mul(constant(Math.PI / 2), noise.uniform(shape))))
  })
