import * as tf from "@tensorflow/tfjs-core"
import { integerInterval, nonnegativeInteger, real } from "../constraint/index.ts"
import { binomialQuantile } from "../math/index.ts"
import type { Numeric } from "../trace/tensor.ts"
import type { Distribution } from "./distribution.ts"
import { elementwise } from "./elementwise.ts"
import { binomialLogDensity } from "./stirling.ts"

/**
 * The binomial distribution of the number of successes among `totalCount` trials: p(k) = C(n, k) σ(logits)^k σ(−logits)^(n−k). Stan's
 * `binomial_logit`, NumPyro's `Binomial(total_count, logits=…)`.
 *
 * Event shape: that of the parameters broadcast together.
 *
 * @throws ArgumentError if `totalCount` is not a nonnegative integer or a logit not finite; ShapeError if they don't broadcast.
 */
export const Binomial = (totalCount: Numeric, logits: Numeric): Distribution<"integer"> =>
  elementwise({
    name: "Binomial",
    kind: "integer",
    support: () => integerInterval(0, totalCount),
    parameters: { totalCount: [totalCount, nonnegativeInteger], logits: [logits, real] },
    logDensity: (k, p) =>
      binomialLogDensity(k, tf.sub(p.totalCount, k), tf.neg(tf.softplus(tf.neg(p.logits))), tf.neg(tf.softplus(p.logits))),
    inside: 0,
    draw: (noise, shape, p) =>
      tf.cast(
        binomialQuantile(tf.broadcastTo(p.totalCount, [...shape]), tf.broadcastTo(tf.sigmoid(p.logits), [...shape]), noise.uniform(shape)),
        "int32"
      )
  })
