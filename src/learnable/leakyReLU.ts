import * as tf from "@tensorflow/tfjs-core"
import type { Bijector } from "../bijector/bijector.ts"
import { leakyReLU } from "../bijector/leakyReLU.ts"
import { boundedLogScale } from "./boundedScaleShift.ts"
import type { FlowContext, Learnable } from "./learnable.ts"
import { countOf, learnableVector, learnedBy, type ConditionalOptions } from "./vector.ts"

/**
 * y = x where x ≥ 0 and slope · x elsewhere, with a slope by component between e⁻⁵ and e⁵; the identity at first.
 *
 * @example
 * ```ts
 * import { learnableLeakyReLU, learnableLinear, sequence } from "pushforward/learnables"
 *
 * const flow = sequence([learnableLinear({ size: 2 }), learnableLeakyReLU({ size: 2 }), learnableLinear({ size: 2 })])
 * ```
 */
export const learnableLeakyReLU = ({
  size,
  ...conditional
}: ConditionalOptions & { readonly size: number }): Learnable<Bijector, FlowContext> => {
  const name = "leaky ReLU"
  return learnedBy(learnableVector(name, countOf(`${name}.size`, size), conditional), (raw) => leakyReLU(tf.exp(boundedLogScale(raw))))
}
