import * as tf from "@tensorflow/tfjs-core"
import { nonnegativeInteger, nonnegative } from "../constraint/index.ts"
import { poissonQuantile } from "../math/index.ts"
import type { Numeric } from "../trace/tensor.ts"
import type { Distribution } from "./distribution.ts"
import { elementwise } from "./elementwise.ts"
import { poissonLogDensity } from "./stirling.ts"

/**
 * The Poisson distribution: p(k) = rate^k exp(−rate) / k!. A rate of 0 puts all mass on 0.
 *
 * Event shape: that of `rate`.
 *
 * @throws ArgumentError if `rate` is negative or not finite.
 */
export const Poisson = (rate: Numeric): Distribution<"integer"> =>
  elementwise({
    name: "Poisson",
    kind: "integer",
    support: nonnegativeInteger,
    parameters: { rate: [rate, nonnegative] },
    logDensity: (k, p) => poissonLogDensity(k, p.rate),
    inside: 0,
    draw: (noise, shape, p) => tf.cast(poissonQuantile(tf.broadcastTo(p.rate, [...shape]), noise.uniform(shape)), "int32")
  })
