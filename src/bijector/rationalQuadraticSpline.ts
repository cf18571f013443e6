import * as tf from "@tensorflow/tfjs-core"
import { ArgumentError, ShapeError } from "../errors.ts"
import { showShape, sizeOf } from "../graph/shape.ts"
import { constant } from "../trace/tensor.ts"
import type { Bijector, Mapped } from "./bijector.ts"
import { euclidean, makeBijector } from "./make.ts"
import { backward, forward, logSlope, type Piece } from "./rationalQuadratic.ts"

/** The least share of the interval that a bin takes, and the least slope at a knot. */
const floor = 1e-3

/**
 * Monotone rational-quadratic splines by component: `bins` pieces on [−bound, bound], the identity outside, slopes that meet at every
 * knot. `raw` has shape [...shape, 3·bins − 1], unbounded: widths and heights of the bins (by a softmax), then the slopes at the inner
 * knots (by a softplus), each kept off zero by 0.001. Where `raw` is 0 the map is the identity.
 *
 * @see Durkan, Bekasov, Murray & Papamakarios 2019, "Neural Spline Flows", section 3.1 and appendix A.
 *
 * @example
 * const knots = tf.randomNormal([2, 23], 0, 1, "float32", 7)
 * rationalQuadraticSpline(knots).forward(tf.tensor([0.3, 12])).value // […, 12]
 */
export const rationalQuadraticSpline = (raw: tf.Tensor, bound = 5): Bijector => {
  const shape = raw.shape.slice(0, -1)
  const bins = ((raw.shape.at(-1) ?? 0) + 1) / 3
  if (!Number.isInteger(bins) || bins < 2 || bins > 500) {
    throw new ShapeError({ where: "rationalQuadraticSpline.raw", expected: "[..., 3·bins − 1] with 2 to 500 bins", received: showShape(raw.shape) })
  }
  if (!(bound > 0 && Number.isFinite(bound))) {
    throw new ArgumentError({ argument: "rationalQuadraticSpline.bound", expected: "a positive number", received: String(bound) })
  }
  const n = sizeOf(shape)
  const rows = tf.reshape(raw, [n, 3 * bins - 1])
  const shares = (from: number): tf.Tensor =>
    tf.add(tf.mul(tf.softmax(tf.slice(rows, [0, from], [n, bins])), constant(1 - floor * bins)), floor)
  const widths = shares(0)
  const heights = shares(bins)
  // Slopes less 1, so that the two ends need no padding.
  const slopes = tf.sub(
    tf.softplus(tf.add(tf.slice(rows, [0, 2 * bins], [n, bins - 1]), constant(Math.log(Math.expm1(1 - floor))))),
    constant(1 - floor)
  )
  const cumulative = tf.tensor2d(Array.from({ length: bins }, (_, i) => Array.from({ length: bins - 1 }, (_, j) => (i <= j ? 1 : 0))))

  /** The piece that each component of `u` lies in, found along the widths or along the heights. */
  const pieceAt = (u: tf.Tensor, along: tf.Tensor): Piece => {
    const passed = tf.cast(tf.greaterEqual(tf.reshape(u, [n, 1]), tf.matMul(along, cumulative)), "float32")
    const before = tf.pad(passed, [[0, 0], [0, 1]])
    const inside = tf.sub(tf.pad(passed, [[0, 0], [1, 0]], 1), before)
    const pick = (values: tf.Tensor, mask: tf.Tensor): tf.Tensor => tf.sum(tf.mul(values, mask), 1)
    return {
      left: pick(widths, before),
      width: pick(widths, inside),
      bottom: pick(heights, before),
      height: pick(heights, inside),
      slopeLeft: tf.add(pick(slopes, tf.slice(inside, [0, 1], [n, bins - 1])), 1),
      slopeRight: tf.add(pick(slopes, tf.slice(inside, [0, 0], [n, bins - 1])), 1)
    }
  }

  /** Maps [−bound, bound] by way of shares of the interval, and lets the rest pass. */
  const onInterval = (x: tf.Tensor, map: (share: tf.Tensor) => { share: tf.Tensor; logSlope: tf.Tensor }): Mapped => {
    const flat = tf.reshape(x, [n])
    const inside = tf.less(tf.abs(flat), bound)
    const safe = tf.where(inside, flat, tf.zerosLike(flat))
    const mapped = map(tf.div(tf.add(safe, bound), 2 * bound))
    return {
      value: tf.reshape(tf.where(inside, tf.sub(tf.mul(mapped.share, 2 * bound), bound), flat), shape),
      logDet: tf.sum(tf.where(inside, mapped.logSlope, tf.zerosLike(flat)))
    }
  }

  return makeBijector({
    name: "rationalQuadraticSpline",
    domain: euclidean(shape),
    codomain: euclidean(shape),
    forward: (x) =>
      onInterval(x, (u) => {
        const piece = pieceAt(u, widths)
        const xi = tf.div(tf.sub(u, piece.left), piece.width)
        return { share: forward(piece, xi), logSlope: logSlope(piece, xi) }
      }),
    inverse: (y) =>
      onInterval(y, (v) => {
        const piece = pieceAt(v, heights)
        const xi = backward(piece, v)
        return { share: tf.add(piece.left, tf.mul(xi, piece.width)), logSlope: tf.neg(logSlope(piece, xi)) }
      })
  })
}
