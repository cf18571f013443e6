import * as tf from "@tensorflow/tfjs-core"
import { corrCholesky, positive } from "../constraint/index.ts"
import { ArgumentError, ShapeError } from "../errors.ts"
import { showShape } from "../graph/shape.ts"
import { lgamma } from "../math/index.ts"
import { asTensor, constant, shapeOf } from "../trace/tensor.ts"
import type { Numeric } from "../trace/tensor.ts"
import type { Distribution } from "./distribution.ts"
import { logGammaDraw } from "./gammaDraw.ts"
import { LOG_PI, negativeInfinity } from "./logarithms.ts"
import { asEvent, checkParameter } from "./parameters.ts"
import { logBeta } from "./stirling.ts"

const column = (values: ReadonlyArray<number>): tf.Tensor => tf.tensor2d([...values], [values.length, 1])

/**
 * The Cholesky factors L of K × K correlation matrices under p(L Lᵀ) ∝ det(L Lᵀ)^(concentration − 1):
 * p(L) ∝ ∏ₖ Lₖₖ^(K − k + 2·concentration − 2), k = 2 … K, with respect to the strict lower triangle. At 1 all correlation matrices are
 * equally likely.
 *
 * Event shape: [dimension, dimension]. The rows are independent: row i, counted from 0, is a uniform direction of Rⁱ whose squared length
 * is Beta(i/2, concentration + (K − 1 − i)/2), the onion method.
 *
 * @throws ArgumentError if `dimension` is not an integer of at least 2 or `concentration` not positive; ShapeError if it is not a scalar.
 * @see Lewandowski, Kurowicka & Joe 2009, "Generating random correlation matrices based on vines and extended onion method", section 3.
 */
export const LKJCholesky = (dimension: number, concentration: Numeric): Distribution<"real"> => {
  if (!Number.isInteger(dimension) || dimension < 2) {
    throw new ArgumentError({ argument: "LKJCholesky.dimension", expected: "an integer, at least 2", received: String(dimension) })
  }
  if (shapeOf(concentration).length > 0) {
    throw new ShapeError({ where: "LKJCholesky.concentration", expected: "[]", received: showShape(shapeOf(concentration)) })
  }
  checkParameter("LKJCholesky", "concentration", [concentration, positive])
  const eventShape = [dimension, dimension]
  const rows = Array.from({ length: dimension - 1 }, (_, i) => i + 1)
  /** The second shape of each row's squared length; the first is i/2. */
  const rest = (): tf.Tensor => tf.add(asTensor(concentration), column(rows.map((i) => (dimension - 1 - i) / 2)))

  return {
    name: "LKJCholesky",
    kind: "real",
    support: corrCholesky,
    eventShape,
    logProb: (value) => {
      const factor = asEvent("LKJCholesky", eventShape, value)
      const out = tf.any(corrCholesky.outside!(factor))
      const diagonal = tf.slice(
        tf.sum(tf.mul(tf.where(out, tf.eye(dimension), factor), tf.eye(dimension)), 1, true),
        [1, 0],
        [rows.length, 1]
      )
      const b = rest()
      // over a ball of Rⁱ: ∫ (1 − |l|²)^(b − 1) dl = π^(i/2) Γ(b) / Γ(b + i/2)
      const half = column(rows.map((i) => i / 2))
      const logVolume = tf.sub(tf.add(logBeta(half, b), tf.mul(half, constant(LOG_PI))), lgamma(half))
      const logDensity = tf.sum(tf.sub(tf.mul(tf.mul(2, tf.sub(b, 1)), tf.log(diagonal)), logVolume))
      return tf.where(out, negativeInfinity(), logDensity)
    },
    sample: (noise) => {
      const shape = [rows.length, 1]
      const logOdds = tf.sub(logGammaDraw(noise, shape, column(rows.map((i) => i / 2))), logGammaDraw(noise, shape, rest()))
      const length = tf.exp(tf.mul(-0.5, tf.softplus(tf.neg(logOdds))))
      const diagonal = tf.exp(tf.mul(-0.5, tf.softplus(logOdds)))
      const below = tf.tensor2d(rows.map((i) => Array.from({ length: dimension }, (_, j) => (j < i ? 1 : 0))))
      const onDiagonal = tf.tensor2d(rows.map((i) => Array.from({ length: dimension }, (_, j) => (j === i ? 1 : 0))))
      const z = tf.mul(noise.normal([rows.length, dimension]), below)
      const direction = tf.div(z, tf.sqrt(tf.sum(tf.square(z), 1, true)))
      const first = tf.oneHot(tf.tensor1d([0], "int32"), dimension)
      return tf.concat([tf.cast(first, "float32"), tf.add(tf.mul(length, direction), tf.mul(diagonal, onDiagonal))], 0)
    }
  }
}
