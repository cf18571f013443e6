/**
 * One piece of a monotone rational-quadratic spline, with ξ ∈ [0, 1] the position within it, s = height / width its mean slope and
 * δ₀, δ₁ the slopes at its ends (Gregory & Delbourgo 1982; Durkan et al. 2019, eq. 4–8). Only sums of terms of one sign are formed.
 */
import * as tf from "@tensorflow/tfjs-core"

/**
 * 1 where the condition holds, 0 elsewhere. What both branches are finite in is chosen by a product with it: `where` would make reverse mode
 * guard everything before it.
 */
export const indicator = (condition: tf.Tensor): tf.Tensor => tf.cast(condition, "float32")

/** Each tensor has the shape of the values. */
export interface Piece {
  readonly left: tf.Tensor
  readonly width: tf.Tensor
  readonly bottom: tf.Tensor
  readonly height: tf.Tensor
  readonly slopeLeft: tf.Tensor
  readonly slopeRight: tf.Tensor
}

interface Terms {
  /** s */
  readonly mean: tf.Tensor
  /** 1 − ξ */
  readonly rest: tf.Tensor
  /** ξ (1 − ξ) */
  readonly bump: tf.Tensor
  /** s + (δ₀ + δ₁ − 2s) ξ (1 − ξ) */
  readonly denominator: tf.Tensor
}

/** Rounding at a knot may put a position just outside [0, 1]. At 0 itself the gradient passes, as it does not through `relu`. */
const notBelowZero = (x: tf.Tensor): tf.Tensor => tf.mul(x, indicator(tf.greaterEqual(x, 0)))

const terms = ({ width, height, slopeLeft, slopeRight }: Piece, xi: tf.Tensor): Terms => {
  const mean = tf.div(height, width)
  const rest = tf.sub(1, xi)
  const bump = notBelowZero(tf.mul(xi, rest))
  const denominator = tf.add(tf.mul(mean, tf.sub(1, tf.mul(bump, 2))), tf.mul(tf.add(slopeLeft, slopeRight), bump))
  return { mean, rest, bump, denominator }
}

/** y = bottom + height (s ξ² + δ₀ ξ (1 − ξ)) / denominator. */
export const forward = (piece: Piece, xi: tf.Tensor): tf.Tensor => {
  const { mean, bump, denominator } = terms(piece, xi)
  const numerator = tf.add(tf.mul(mean, tf.square(xi)), tf.mul(piece.slopeLeft, bump))
  return tf.add(piece.bottom, tf.div(tf.mul(piece.height, numerator), denominator))
}

/** log dy/dx = log(s² (δ₁ ξ² + 2 s ξ (1 − ξ) + δ₀ (1 − ξ)²) / denominator²). */
export const logSlope = (piece: Piece, xi: tf.Tensor): tf.Tensor => {
  const { mean, rest, bump, denominator } = terms(piece, xi)
  const inner = tf.add(
    tf.add(tf.mul(piece.slopeRight, tf.square(xi)), tf.mul(tf.mul(mean, 2), bump)),
    tf.mul(piece.slopeLeft, tf.square(rest))
  )
  return tf.add(tf.mul(tf.log(tf.div(mean, denominator)), 2), tf.log(inner))
}

/**
 * ξ where the piece reaches y. With θ = (y − bottom) / height and q = δ₀ (1 − θ) − δ₁ θ the quadratic's discriminant is
 * q² + 4 s² θ (1 − θ), a sum of squares that cannot become negative, and ξ = 2sθ / (2sθ + q + √(q² + 4 s² θ (1 − θ))). Where q < 0 the
 * last two terms cancel and are replaced by 4 s² θ (1 − θ) / (√… − q), which is equal to their sum.
 */
export const backward = (piece: Piece, y: tf.Tensor): tf.Tensor => {
  const theta = tf.div(tf.sub(y, piece.bottom), piece.height)
  const mean = tf.div(piece.height, piece.width)
  const rest = tf.sub(1, theta)
  const q = tf.sub(tf.mul(piece.slopeLeft, rest), tf.mul(piece.slopeRight, theta))
  const a = tf.mul(tf.mul(mean, 2), theta)
  const product = notBelowZero(tf.mul(a, tf.mul(tf.mul(mean, 2), rest)))
  const falling = indicator(tf.less(q, 0))
  const rising = tf.sub(1, falling)
  const larger = tf.add(tf.mul(q, tf.sub(rising, falling)), tf.sqrt(tf.add(tf.square(q), product)))
  const sum = tf.add(tf.mul(rising, larger), tf.mul(falling, tf.div(product, larger)))
  return tf.div(a, tf.add(a, sum))
}
