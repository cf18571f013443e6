import * as tf from "@tensorflow/tfjs-core"
import { nonnegativeInteger, positive } from "../constraint/index.ts"
import { poissonQuantile } from "../math/index.ts"
import type { Numeric } from "../trace/tensor.ts"
import type { Distribution } from "./distribution.ts"
import { elementwise } from "./elementwise.ts"
import { logGammaDraw, positiveExp } from "./gammaDraw.ts"
import { binomialLogDensity } from "./stirling.ts"

/**
 * The negative binomial distribution by its mean: a Poisson count whose rate is Gamma(concentration, concentration/mean), so that the
 * variance is mean + mean²/concentration. Stan's `neg_binomial_2`, NumPyro's `NegativeBinomial2`.
 *
 * p(k) = Γ(k + φ) / (k! Γ(φ)) (μ/(μ + φ))^k (φ/(μ + φ))^φ
 *
 * Event shape: that of the parameters broadcast together.
 *
 * @throws ArgumentError if a parameter is not positive; ShapeError if they don't broadcast.
 */
export const NegativeBinomial = (mean: Numeric, concentration: Numeric): Distribution<"integer"> =>
  elementwise({
    name: "NegativeBinomial",
    kind: "integer",
    support: nonnegativeInteger,
    parameters: { mean: [mean, positive], concentration: [concentration, positive] },
    logDensity: (k, { mean: mu, concentration: phi }) => {
      // Γ(k + φ) / (k! Γ(φ)) = C(k + φ, k) φ/(k + φ)
      const logP = tf.neg(tf.log1p(tf.div(phi, mu)))
      const logQ = tf.neg(tf.log1p(tf.div(mu, phi)))
      return tf.sub(binomialLogDensity(k, phi, logP, logQ), tf.log1p(tf.div(k, phi)))
    },
    inside: 0,
    draw: (noise, shape, { mean: mu, concentration: phi }) => {
      const logRate = tf.add(logGammaDraw(noise, shape, phi), tf.log(tf.div(mu, phi)))
      return tf.cast(poissonQuantile(positiveExp(logRate), noise.uniform(shape)), "int32")
    }
  })
