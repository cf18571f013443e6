import type * as tf from "@tensorflow/tfjs-core"
import type { Bijector } from "../bijector/bijector.ts"
import { coupling, partsOf, type Coupled } from "../bijector/coupling.ts"
import { branchOf } from "./access.ts"
import { scaleAndShift, splineAndScale, translation, type Component, type SplineOptions } from "./component.ts"
import type { FlowContext, Learnable } from "./learnable.ts"
import { mlp } from "./mlp.ts"
import { countOf, learnableVector, learnedBy, type ConditionalOptions } from "./vector.ts"

export interface CouplingOptions extends Coupled, ConditionalOptions {}

/**
 * A coupling whose conditioner is a network of the passive part and the context. A vector of length 1 has no passive part: it goes through
 * the component's bijector, conditioned on the context, or with parameters of its own where there is none.
 */
const learnableCoupling = (name: string, { numbers, build }: Component, options: CouplingOptions): Learnable<Bijector, FlowContext> => {
  if (countOf(`${name}.size`, options.size) === 1) return learnedBy(learnableVector(name, numbers, options), (raw) => build(raw, 1))
  const { passive, active } = partsOf(options)
  const conditioner = mlp({ outputScale: 1e-3, ...options, inputs: passive, outputs: active * numbers })
  return {
    name,
    init: (key) => ({ network: conditioner.init(key) }),
    build: (params, given) => {
      const apply = conditioner.build(branchOf(name, params, "network"))
      return coupling(name, options, (part) => build(apply(part, given), active))
    }
  }
}

/**
 * A coupling of NICE (Dinh et al. 2015) with a network as conditioner: it keeps volumes; near the identity at first.
 *
 * @example
 * ```ts
 * import { learnableAdditiveCoupling } from "pushforward/learnables"
 *
 * const layer = learnableAdditiveCoupling({ size: 4, transform: "first" })
 * ```
 */
export const learnableAdditiveCoupling = (options: CouplingOptions): Learnable<Bijector, FlowContext> =>
  learnableCoupling("additive coupling", translation, options)

export interface AffineCouplingOptions extends CouplingOptions {
  /**
   * From an output of the network to the logarithm of a scale: by default r ↦ r / √(1 + (r/5)²), which lets scales from e⁻⁵ to e⁵. For
   * narrower ones, r ↦ 2.5 tanh r.
   */
  readonly logScale?: (r: tf.Tensor) => tf.Tensor
}

/**
 * A coupling of RealNVP (Dinh et al. 2017) with a network as conditioner; near the identity at first, its scales between e⁻⁵ and e⁵
 * unless `logScale` says otherwise.
 *
 * @example
 * ```ts
 * import { learnableAffineCoupling } from "pushforward/learnables"
 *
 * const layer = learnableAffineCoupling({ size: 4, hidden: [32], transform: "first" })
 * ```
 */
export const learnableAffineCoupling = (options: AffineCouplingOptions): Learnable<Bijector, FlowContext> =>
  learnableCoupling("affine coupling", scaleAndShift(options.logScale), options)

export interface SplineCouplingOptions extends CouplingOptions, SplineOptions {}

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
export const learnableSplineCoupling = (options: SplineCouplingOptions): Learnable<Bijector, FlowContext> =>
  learnableCoupling("spline coupling", splineAndScale("spline coupling", options), options)
