import * as tf from "@tensorflow/tfjs-core"
import { ArgumentError, ShapeError } from "../errors.ts"
import { showShape, sizeOf } from "../graph/shape.ts"
import type { NDArray } from "../graph/types.ts"
import { stopGradient } from "../math/index.ts"
import { asTensor, constant } from "../trace/tensor.ts"
import type { Bijector, Mapped } from "./bijector.ts"
import { euclidean, makeBijector } from "./make.ts"
import { backward, forward, indicator, logSlope, type Piece } from "./rationalQuadratic.ts"
import { slopeOf } from "./slopeOf.ts"

/** The least share of the interval that a bin takes. */
const floor = 1e-3

/** A softmax that is divided only where it is used: the share of bin k is floor + (1 − bins · floor) terms[k] / total. */
interface Shares {
  readonly terms: tf.Tensor
  readonly total: tf.Tensor
}

const sharesOf = (logits: tf.Tensor): Shares => {
  const terms = tf.exp(tf.sub(logits, stopGradient(tf.max(logits, 1, true))))
  return { terms, total: tf.sum(terms, 1) }
}

/** The matrix that takes the terms of the shares to the inner knots times their total. */
const edgesOf = (bins: number): NDArray => ({
  shape: [bins, bins - 1],
  data: Float64Array.from({ length: bins * (bins - 1) }, (_, k) => {
    const [bin, knot] = [Math.floor(k / (bins - 1)), k % (bins - 1)]
    return (bin <= knot ? 1 - floor * bins : 0) + floor * (knot + 1)
  })
})

/**
 * Monotone rational-quadratic splines by component: `bins` pieces on [−bound, bound], the identity outside, slopes that meet at every
 * knot. `raw` has shape [...shape, 3·bins − 1], unbounded: widths and heights of the bins (by a softmax), then the slopes at the inner
 * knots (by a softplus), each kept off zero by 0.001. Where `raw` is 0 the map is the identity.
 *
 * @see Durkan, Bekasov, Murray & Papamakarios 2019, "Neural Spline Flows", section 3.1 and appendix A.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs-core"
 * import { rationalQuadraticSpline } from "pushforward/bijectors"
 *
 * const knots = tf.randomNormal([2, 23], 0, 1, "float32", 7)
 * rationalQuadraticSpline(knots).forward(tf.tensor([0.3, 12])).value.print() // […, 12]
 * ```
 */
export const rationalQuadraticSpline = (raw: tf.Tensor, bound = 5): Bijector => {
  const shape = raw.shape.slice(0, -1)
  const bins = ((raw.shape.at(-1) ?? 0) + 1) / 3
  if (!Number.isInteger(bins) || bins < 2 || bins > 500) {
    throw new ShapeError({
      where: "rationalQuadraticSpline.raw",
      expected: "[..., 3·bins − 1] with 2 to 500 bins",
      received: showShape(raw.shape)
    })
  }
  if (!(bound > 0 && Number.isFinite(bound))) {
    throw new ArgumentError({ argument: "rationalQuadraticSpline.bound", expected: "a positive number", received: String(bound) })
  }
  const n = sizeOf(shape)
  const rows = tf.reshape(raw, [n, 3 * bins - 1])
  const widths = sharesOf(tf.slice(rows, [0, 0], [n, bins]))
  const heights = sharesOf(tf.slice(rows, [0, bins], [n, bins]))
  const slopes = tf.slice(rows, [0, 2 * bins], [n, bins - 1])
  const edges = edgesOf(bins)

  /** The piece in which each component of `u` lies, found along the widths or along the heights. */
  const pieceAt = (u: tf.Tensor, along: Shares): Piece => {
    const passed = indicator(tf.greaterEqual(tf.reshape(tf.mul(u, along.total), [n, 1]), tf.matMul(along.terms, asTensor(edges))))
    const before = tf.pad(passed, [
      [0, 0],
      [0, 1]
    ])
    const inside = tf.sub(
      tf.pad(
        passed,
        [
          [0, 0],
          [1, 0]
        ],
        1
      ),
      before
    )
    const pick = (values: tf.Tensor, mask: tf.Tensor): tf.Tensor => tf.sum(tf.mul(values, mask), 1)
    const share = ({ terms, total }: Shares, mask: tf.Tensor): tf.Tensor =>
      tf.mul(tf.div(pick(terms, mask), total), constant(1 - floor * bins))
    const least = tf.mul(tf.sum(before, 1), floor)
    // Softplus after the choice; at the two ends nothing is chosen, and 0 stands for slope 1.
    const slope = (mask: tf.Tensor): tf.Tensor => slopeOf(pick(slopes, mask))
    return {
      left: tf.add(share(widths, before), least),
      width: tf.add(share(widths, inside), floor),
      bottom: tf.add(share(heights, before), least),
      height: tf.add(share(heights, inside), floor),
      slopeLeft: slope(tf.slice(inside, [0, 1], [n, bins - 1])),
      slopeRight: slope(tf.slice(inside, [0, 0], [n, bins - 1]))
    }
  }

  /** Maps [−bound, bound] by way of shares of the interval, and lets the rest pass. */
  const onInterval = (x: tf.Tensor, map: (share: tf.Tensor) => { share: tf.Tensor; logSlope: tf.Tensor }): Mapped => {
    const flat = tf.reshape(x, [n])
    const inside = indicator(tf.less(tf.abs(flat), bound))
    const safe = tf.mul(flat, inside)
    const mapped = map(tf.div(tf.add(safe, bound), 2 * bound))
    const value = tf.mul(inside, tf.sub(tf.mul(mapped.share, 2 * bound), bound))
    return {
      value: tf.reshape(tf.add(value, tf.sub(flat, safe)), shape),
      logDet: tf.sum(tf.mul(inside, mapped.logSlope))
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
