/**
 * The change of variables on the line: y = f(z), z standard normal, has density p(y) = N(f⁻¹(y)) |df⁻¹/dy|. Six maps, each with its graph,
 * its density, draws, and the mean of log |df/dz|.
 *
 * @see Papamakarios et al. 2021, "Normalizing Flows for Probabilistic Modeling and Inference", section 2.1.
 */
import * as Effect from "effect/Effect"
import * as tf from "@tensorflow/tfjs-core"
import { deterministic, model, plate, prior, sample } from "pushforward"
import {
  type Bijector,
  elementwiseAffine,
  euclidean,
  identity,
  leakyReLU,
  makeBijector,
  type Mapped,
  sigmoid,
  softplus,
  tanh
} from "pushforward/bijectors"
import { greaterThan } from "pushforward/constraints"
import { Normal, Transformed } from "pushforward/distributions"
import { type Estimate, estimateOf } from "../estimate.ts"

/** A bijector of one's own, from its two maps: softplus z − log 2, which maps 0 to 0. */
const softplusThroughZero = (): Bijector => {
  const moved = ({ value, logDet }: Mapped, by: number): Mapped => ({ value: tf.add(value, by), logDet })
  return makeBijector({
    name: "softplus − log 2",
    domain: euclidean([]),
    codomain: { shape: [], constraint: greaterThan(-Math.LN2) },
    forward: (z) => moved(softplus().forward(z), -Math.LN2),
    inverse: (y) => softplus().inverse(tf.add(y, Math.LN2))
  })
}

export const maps: Readonly<Record<string, () => Bijector>> = {
  identity: () => identity([]),
  "2.5 z + 1": () => elementwiseAffine(1, 2.5),
  sigmoid: () => sigmoid(),
  tanh: () => tanh(),
  "leaky ReLU, 0.1": () => leakyReLU(0.1),
  "softplus − log 2": softplusThroughZero
}

const pushed = model(function* (bijector: Bijector, places: Float64Array) {
  const z = yield* sample("z", Normal(0, 1))
  const { value, logDet } = bijector.forward(z)
  yield* deterministic("y", value)
  yield* deterministic("logDerivative", logDet)
  const density = Transformed(Normal(0, 1), bijector)
  yield* plate("place", places, function* (place) {
    const { value, logDet } = bijector.forward(place)
    yield* deterministic("image", value)
    yield* deterministic("slope", logDet)
    yield* deterministic("logDensity", density.logProb(value))
  })
})

export interface ChangeOfVariables {
  readonly name: string
  /** The graph of the map, and the density of its values: y = f(z), p(y). */
  readonly z: Float64Array
  readonly y: Float64Array
  readonly density: Float64Array
  /** log |df/dz| at z. */
  readonly logDerivative: Float64Array
  readonly draws: Float64Array
  /** E log |df/dz|, by the draws. */
  readonly meanLogDerivative: Estimate
}

export interface TeachingOptions {
  readonly draws?: number
  readonly seed?: number
}

const places = Float64Array.from({ length: 401 }, (_, i) => -4 + i / 50)

/** Each map with its density; by default 10,000 draws. */
export const changesOfVariables = ({ draws = 10_000, seed = 0 }: TeachingOptions = {}) =>
  Effect.forEach(Object.entries(maps), ([name, bijector]) =>
    Effect.map(prior(pushed(bijector(), places), { draws, seed }), ({ y, logDerivative, image, slope, logDensity }): ChangeOfVariables => ({
      name,
      z: places,
      // the same for all draws
      y: Float64Array.from(image.data.subarray(0, places.length)),
      logDerivative: Float64Array.from(slope.data.subarray(0, places.length)),
      density: Float64Array.from(logDensity.data.subarray(0, places.length), Math.exp),
      draws: Float64Array.from(y.data),
      meanLogDerivative: estimateOf(logDerivative.data)
    }))
  )
