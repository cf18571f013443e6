import type * as tf from "@tensorflow/tfjs-core"
import type { Bijector } from "../bijector/bijector.ts"
import { inverseAutoregressive } from "../bijector/inverseAutoregressive.ts"
import { maskedAutoregressive, type Autoregressive } from "../bijector/maskedAutoregressive.ts"
import { range } from "../graph/shape.ts"
import { branchOf } from "./access.ts"
import { scaleAndShift, splineAndScale, type SplineOptions } from "./component.ts"
import type { FlowContext, Learnable } from "./learnable.ts"
import { made } from "./made.ts"
import { countOf, learnableVector, learnedBy, type ConditionalOptions } from "./vector.ts"

export interface AutoregressiveOptions extends ConditionalOptions, SplineOptions {
  /** The vector's length. */
  readonly size: number
  /** How each component is mapped; by default `affine`. */
  readonly transform?: "affine" | "spline"
}

/** One component depends on nothing before it: its parameters are learned as they are, or come from the context alone. */
const learnableAutoregressive = (
  name: string,
  bijector: (options: Autoregressive) => Bijector,
  options: AutoregressiveOptions
): Learnable<Bijector, FlowContext> => {
  const size = countOf(`${name}.size`, options.size)
  const { numbers, build, owner } = options.transform === "spline" ? splineAndScale(name, options) : scaleAndShift()
  if (size === 1) return learnedBy(learnableVector(name, numbers, options), (raw) => build(raw, 1))
  const owners = range(size * numbers).map((k) => owner(k, size))
  const conditioner = made({ outputScale: 1e-3, ...options, owners })
  return {
    name,
    init: (key) => ({ network: conditioner.init(key) }),
    build: (params, given) => {
      const apply = conditioner.build(branchOf(name, params, "network"))
      return bijector({ size, conditioner: (x: tf.Tensor) => build(apply(x, given), size) })
    }
  }
}

/**
 * A layer of a masked autoregressive flow (Papamakarios et al. 2017) with a MADE (Germain et al. 2015) as conditioner; near the identity
 * at first. A density is one pass of the network, a draw `size` passes one after the other: for densities.
 *
 * @example
 * ```ts
 * import { learnableMaskedAutoregressive } from "pushforward/learnables"
 *
 * const layer = learnableMaskedAutoregressive({ size: 4, hidden: [64], transform: "spline" })
 * ```
 */
export const learnableMaskedAutoregressive = (options: AutoregressiveOptions): Learnable<Bijector, FlowContext> =>
  learnableAutoregressive("masked autoregressive", maskedAutoregressive, options)

/**
 * A layer of an inverse autoregressive flow (Kingma et al. 2016) with a MADE (Germain et al. 2015) as conditioner; near the identity at
 * first. A draw with its density is one pass of the network, the density of another point `size` passes one after the other: for guides.
 *
 * @example
 * ```ts
 * import { learnableInverseAutoregressive } from "pushforward/learnables"
 *
 * const layer = learnableInverseAutoregressive({ size: 4, context: 2 })
 * ```
 */
export const learnableInverseAutoregressive = (options: AutoregressiveOptions): Learnable<Bijector, FlowContext> =>
  learnableAutoregressive("inverse autoregressive", inverseAutoregressive, options)
