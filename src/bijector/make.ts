/** Construction of bijectors: where the shape contract is held. */
import type * as tf from "@tensorflow/tfjs-core"
import { real } from "../constraint/real.ts"
import { ShapeError } from "../errors.ts"
import { sameShape, showShape } from "../graph/shape.ts"
import type { Shape } from "../graph/types.ts"
import type { Bijector, Space } from "./bijector.ts"

/** R^n in the given shape. */
export const euclidean = (shape: Shape): Space => ({ shape, constraint: real })

/** `real [3]`, for messages. */
export const showSpace = (space: Space): string => `${space.constraint.name} ${showShape(space.shape)}`

/** Parameters broadcast to the event's shape; the event never to theirs. */
export const checkBroadcast = (where: string, shape: Shape, event: Shape): void => {
  const offset = event.length - shape.length
  if (offset < 0 || shape.some((d, i) => d !== 1 && d !== event[i + offset])) {
    throw new ShapeError({ where, expected: `one that broadcasts to ${showShape(event)}`, received: showShape(shape) })
  }
}

const checked =
  <A>(where: string, shape: Shape, map: (x: tf.Tensor) => A) =>
  (x: tf.Tensor): A => {
    if (!sameShape(x.shape, shape)) throw new ShapeError({ where, expected: showShape(shape), received: showShape(x.shape) })
    return map(x)
  }

/**
 * A bijector from its two maps. A value of another shape than its space's is a `ShapeError`, never broadcast.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs-core"
 * import { euclidean, makeBijector } from "pushforward/bijectors"
 *
 * const double = makeBijector({
 *   name: "double",
 *   domain: euclidean([]),
 *   codomain: euclidean([]),
 *   forward: (x) => ({ value: tf.mul(x, 2), logDet: tf.log(2) }),
 *   inverse: (y) => ({ value: tf.div(y, 2), logDet: tf.neg(tf.log(2)) })
 * })
 * double.forward(tf.scalar(3)).value.print() // 6
 * ```
 */
export const makeBijector = (definition: Bijector): Bijector => ({
  ...definition,
  forward: checked(`${definition.name}.forward`, definition.domain.shape, definition.forward),
  inverse: checked(`${definition.name}.inverse`, definition.codomain.shape, definition.inverse)
})
