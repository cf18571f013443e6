import * as tf from "@tensorflow/tfjs-core"
import type { Bijector } from "../bijector/bijector.ts"
import { compose } from "../bijector/compose.ts"
import { elementwiseAffine } from "../bijector/elementwiseAffine.ts"
import { triangularAffine } from "../bijector/triangularAffine.ts"
import { strictTriangle, toMatrix } from "../bijector/triangle.ts"
import { ArgumentError, ShapeError } from "../errors.ts"
import { broadcastShapes, showShape } from "../graph/shape.ts"
import { asTensor, hostValues, shapeOf, type Numeric } from "../trace/tensor.ts"
import { tensorAt } from "./access.ts"
import { zeros } from "./arrays.ts"
import type { FlowContext, Learnable } from "./learnable.ts"

const checkScale = (argument: string, values: ArrayLike<number> | undefined): void => {
  const bad = Array.from(values ?? []).find((s) => !(s > 0 && s < Infinity))
  if (bad !== undefined) throw new ArgumentError({ argument, expected: "finite numbers above 0", received: String(bad) })
}

/**
 * y = shift + scale · (b + eᵃ x) by component, with b and a learned from 0: it starts as `elementwiseAffine(shift, scale)`, and a step of
 * the optimiser means the same in whatever units `shift` and `scale` are.
 *
 * @example
 * ```ts
 * import { learnableElementwiseAffine } from "pushforward/learnables"
 *
 * const units = learnableElementwiseAffine({ shift: [26, 0.6], scale: [6, 0.06] })
 * ```
 */
export const learnableElementwiseAffine = ({
  shift,
  scale
}: {
  readonly shift: Numeric
  readonly scale: Numeric
}): Learnable<Bijector, FlowContext> => {
  const name = "elementwise affine"
  const shape = broadcastShapes(`${name}: shift and scale`, [shapeOf(shift), shapeOf(scale)])
  checkScale(`${name}.scale`, hostValues(scale))
  return {
    name,
    init: () => ({ shift: zeros(shape), "log scale": zeros(shape) }),
    build: (params) => {
      const unit = asTensor(scale)
      return elementwiseAffine(
        tf.add(asTensor(shift), tf.mul(unit, tensorAt(name, params, "shift"))),
        tf.mul(unit, tf.exp(tensorAt(name, params, "log scale")))
      )
    }
  }
}

/**
 * y = shift + L (b + A x) on vectors, with L = `scaleTril` and A lower triangular with a positive diagonal e^a; b, a and the entries below
 * the diagonal are learned from 0. It starts as `triangularAffine(shift, scaleTril)`, and learns in whitened coordinates: a step of the
 * optimiser means the same whatever the units and correlations in L.
 *
 * @example
 * ```ts
 * import { learnableTriangularAffine } from "pushforward/learnables"
 *
 * const mode = [26, 0.6]
 * const scaleTril = [
 *   [6, 0],
 *   [-0.05, 0.01]
 * ]
 * const whitening = learnableTriangularAffine({ shift: mode, scaleTril })
 * ```
 */
export const learnableTriangularAffine = ({
  shift,
  scaleTril
}: {
  readonly shift: Numeric
  readonly scaleTril: Numeric
}): Learnable<Bijector, FlowContext> => {
  const name = "triangular affine"
  const start = triangularAffine(shift, scaleTril)
  const d = start.domain.shape[0]!
  if (shapeOf(shift).length !== 1) {
    throw new ShapeError({ where: `${name}.shift`, expected: `[${d}]`, received: showShape(shapeOf(shift)) })
  }
  const values = hostValues(scaleTril)
  checkScale(`${name}.scaleTril's diagonal`, values === undefined ? undefined : Array.from({ length: d }, (_, i) => values[i * (d + 1)]!))
  const triangle = strictTriangle(d)
  return {
    name,
    init: () => ({
      shift: zeros([d]),
      "log diagonal": zeros([d]),
      ...(d === 1 ? {} : { "below diagonal": zeros([triangle.positions.length]) })
    }),
    build: (params) => {
      const diagonal = tf.mul(tf.eye(d), tf.exp(tensorAt(name, params, "log diagonal")))
      const A = d === 1 ? diagonal : tf.add(diagonal, toMatrix(tensorAt(name, params, "below diagonal"), triangle))
      return compose(triangularAffine(tensorAt(name, params, "shift"), A), start)
    }
  }
}
