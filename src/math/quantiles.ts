import type * as tf from "@tensorflow/tfjs-core"
import { operation } from "../trace/operation.ts"
import type { Numeric } from "../trace/tensor.ts"
import { asTensor } from "../trace/tensor.ts"

/** The least k with P(X ≤ k) ≥ u for X ~ Poisson(rate), elementwise. It carries no gradient. */
export const poissonQuantile = (rate: Numeric, u: Numeric): tf.Tensor => operation("poissonQuantile", [asTensor(rate), asTensor(u)])

/** The least k with P(X ≤ k) ≥ u for X ~ Binomial(n, p), elementwise. It carries no gradient. */
export const binomialQuantile = (n: Numeric, p: Numeric, u: Numeric): tf.Tensor =>
  operation("binomialQuantile", [asTensor(n), asTensor(p), asTensor(u)])
