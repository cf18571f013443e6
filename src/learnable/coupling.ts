import * as tf from "@tensorflow/tfjs-core"
import type { Bijector } from "../bijector/bijector.ts"
import { compose } from "../bijector/compose.ts"
import { coupling, partsOf, type Coupled } from "../bijector/coupling.ts"
import { rationalQuadraticSpline } from "../bijector/rationalQuadraticSpline.ts"
import { ArgumentError } from "../errors.ts"
import { branchOf, tensorAt } from "./access.ts"
import { zeros } from "./arrays.ts"
import type { Learnable } from "./learnable.ts"
import { boundedScaleShift } from "./boundedScaleShift.ts"
import { contextOf, mlp, type NetworkOptions } from "./mlp.ts"

export interface CouplingOptions extends Coupled, NetworkOptions {
  /** The length of the context that the coupling is conditioned on; by default it has none. */
  readonly context?: number
}

/** What a conditional bijector is built from: a context where it was made with one, nothing otherwise. */
export type FlowContext = tf.Tensor | void

interface Component {
  readonly name: string
  /** Numbers per component of the active part. */
  readonly numbers: number
  /** The bijector of the active part, from a vector of `numbers` times its length. */
  readonly build: (raw: tf.Tensor, active: number) => Bijector
}

/**
 * A coupling whose conditioner is a network of the passive part and the context. A vector of length 1 has no passive part: it goes through
 * the component's bijector, conditioned on the context, or with parameters of its own where there is none.
 */
const learnableCoupling = (
  { name, numbers, build }: Component,
  { size, context = 0, outputScale = 1e-3, hidden, activation, ...coupled }: CouplingOptions
): Learnable<Bijector, FlowContext> => {
  if (!Number.isInteger(size) || size < 1) {
    throw new ArgumentError({ argument: `${name}.size`, expected: "a positive integer", received: String(size) })
  }
  const network = {
    outputScale,
    ...(hidden === undefined ? {} : { hidden }),
    ...(activation === undefined ? {} : { activation })
  }
  if (size > 1) {
    const { passive, active } = partsOf({ size, ...coupled })
    const conditioner = mlp({ inputs: passive, outputs: active * numbers, context, ...network })
    return {
      name,
      init: (key) => ({ network: conditioner.init(key) }),
      build: (params, given) => {
        const apply = conditioner.build(branchOf(name, params, "network"))
        return coupling(name, { size, ...coupled }, (part) => build(apply(part, given), active))
      }
    }
  }
  if (context > 0) {
    const conditioner = mlp({ inputs: context, outputs: numbers, ...network })
    return {
      name,
      init: (key) => ({ network: conditioner.init(key) }),
      build: (params, given) => build(conditioner.build(branchOf(name, params, "network"))(contextOf(name, given, context)), 1)
    }
  }
  return { name, init: () => ({ raw: zeros([numbers]) }), build: (params) => build(tensorAt(name, params, "raw"), 1) }
}

/**
 * A coupling of RealNVP (Dinh et al. 2017) with a network as conditioner; near the identity at first, its scales between e⁻⁵ and e⁵.
 *
 * @example
 * ```ts
 * import { learnableAffineCoupling } from "pushforward/learnables"
 *
 * const layer = learnableAffineCoupling({ size: 4, hidden: [32], transform: "first" })
 * ```
 */
export const learnableAffineCoupling = (options: CouplingOptions): Learnable<Bijector, FlowContext> =>
  learnableCoupling({ name: "affine coupling", numbers: 2, build: boundedScaleShift }, options)

export interface SplineCouplingOptions extends CouplingOptions {
  /** By default 8. */
  readonly bins?: number
  /** The spline acts on [−bound, bound]; by default 5. */
  readonly bound?: number
}

/**
 * A coupling of neural spline flows (Durkan et al. 2019) with a network as conditioner; near the identity at first. Each component goes
 * through a spline and then through a scale and shift from the same network, so that the lines beyond the spline have a slope of their own:
 * what a funnel needs, whose width changes by more than a spline on a fixed interval can follow.
 *
 * @example
 * ```ts
 * import { learnableSplineCoupling } from "pushforward/learnables"
 *
 * const layer = learnableSplineCoupling({ size: 4, bins: 8, context: 3 })
 * ```
 */
export const learnableSplineCoupling = ({
  bins = 8,
  bound: edge = 5,
  ...options
}: SplineCouplingOptions): Learnable<Bijector, FlowContext> => {
  if (!Number.isInteger(bins) || bins < 2 || bins > 500) {
    throw new ArgumentError({ argument: "spline coupling.bins", expected: "an integer from 2 to 500", received: String(bins) })
  }
  const knots = 3 * bins - 1
  return learnableCoupling(
    {
      name: "spline coupling",
      numbers: knots + 2,
      build: (raw, active) =>
        compose(
          rationalQuadraticSpline(tf.reshape(tf.slice(raw, [2 * active], [active * knots]), [active, knots]), edge),
          boundedScaleShift(raw, active)
        )
    },
    options
  )
}
