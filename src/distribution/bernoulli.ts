import * as tf from "@tensorflow/tfjs-core"
import { boolean, real } from "../constraint/index.ts"
import type { Numeric } from "../trace/tensor.ts"
import type { Distribution } from "./distribution.ts"
import { elementwise } from "./elementwise.ts"

/**
 * The Bernoulli distribution of 0 and 1: p(1) = σ(logits).
 *
 * Event shape: that of `logits`. Values are integers (or booleans, or floats that hold them).
 *
 * @throws ArgumentError if a logit is not finite.
 */
export const Bernoulli = (logits: Numeric): Distribution<"integer"> =>
  elementwise({
    name: "Bernoulli",
    kind: "integer",
    support: boolean,
    parameters: { logits: [logits, real] },
    logDensity: (x, p) => tf.neg(tf.softplus(tf.mul(tf.sub(1, tf.mul(2, x)), p.logits))),
    inside: 0,
    draw: (noise, shape, p) => tf.cast(tf.less(noise.uniform(shape), tf.sigmoid(p.logits)), "int32")
  })
