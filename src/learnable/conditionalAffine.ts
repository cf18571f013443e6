import type { Bijector } from "../bijector/bijector.ts"
import { branchOf } from "./access.ts"
import { boundedScaleShift } from "./boundedScaleShift.ts"
import type { FlowContext, Learnable } from "./learnable.ts"
import { contextOf, mlp, type NetworkOptions } from "./mlp.ts"

/**
 * A shift and a scale by component, both from a network of the context; near the identity at first.
 *
 * @example
 * ```ts
 * import { learnableConditionalAffine } from "pushforward/learnables"
 *
 * const layer = learnableConditionalAffine({ size: 4, context: 16 })
 * console.log(layer.name)
 * ```
 */
export const learnableConditionalAffine = ({
  size,
  context,
  outputScale = 1e-3,
  ...network
}: NetworkOptions & { readonly size: number; readonly context: number }): Learnable<Bijector, FlowContext> => {
  const name = "conditional affine"
  const conditioner = mlp({ inputs: context, outputs: 2 * size, outputScale, ...network })
  return {
    name,
    init: (key) => ({ network: conditioner.init(key) }),
    build: (params, given) => boundedScaleShift(conditioner.build(branchOf(name, params, "network"))(contextOf(name, given, context)), size)
  }
}
