/** What bijectors do to the plane: standard normal points before and after, with the log-determinant at each. */
import * as Effect from "effect/Effect"
import * as tf from "@tensorflow/tfjs-core"
import { deterministic, model, type NDArray, prior, sample } from "pushforward"
import { affineCoupling, type Bijector, elementwiseAffine, linear, planar, radial, rotation } from "pushforward/bijectors"
import { Normal } from "pushforward/distributions"
import type { TeachingOptions } from "./changeOfVariables.ts"
import { type Estimate, estimateOf } from "../estimate.ts"

const shear = [
  [1, 0.8],
  [0, 1]
]

export const transforms: Readonly<Record<string, () => Bijector>> = {
  "rotation by 45°": () => rotation(Math.PI / 4),
  "anisotropic scaling": () => elementwiseAffine(0, [1.6, 0.5]),
  shear: () => linear(shear),
  planar: () => planar({ w: [1.5, 0.5], u: [1, 2], b: 0.3 }),
  radial: () => radial({ centre: [0.5, -0.3], alpha: 1, beta: 4 }),
  "affine coupling": () =>
    affineCoupling({ size: 2, conditioner: (x) => ({ shift: tf.sin(tf.mul(x, 2)), logScale: tf.mul(tf.tanh(x), 0.7) }) })
}

const transformed = model(function* (bijector: Bijector) {
  const before = yield* sample("before", Normal([0, 0], 1))
  const { value, logDet } = bijector.forward(before)
  yield* deterministic("after", value)
  yield* deterministic("logDet", logDet)
})

export interface Transform {
  readonly name: string
  /** [draws, 2] */
  readonly before: NDArray
  readonly after: NDArray
  /** log |det J| of each draw. */
  readonly logDet: NDArray
  readonly meanLogDet: Estimate
}

/** Each transform of the same points; by default 4,000. */
export const transforms2d = ({ draws = 4000, seed = 0 }: TeachingOptions = {}) =>
  Effect.forEach(Object.entries(transforms), ([name, bijector]) =>
    Effect.map(prior(transformed(bijector()), { draws, seed }), ({ before, after, logDet }): Transform => ({
      name,
      before,
      after,
      logDet,
      meanLogDet: estimateOf(logDet.data)
    }))
  )
