import * as tf from "@tensorflow/tfjs-core"
import { ArgumentError } from "../errors.ts"
import { asTensor, type Numeric } from "../trace/tensor.ts"
import { combine } from "./combine.ts"
import { meanOfFirst } from "./meanOfFirst.ts"
import type { Learnable } from "./learnable.ts"
import { contextOf, mlp, type NetworkOptions } from "./mlp.ts"

export interface DeepSetOptions {
  /** The length of an element. */
  readonly inputs: number
  readonly outputs: number
  /** Widths of the layers of the network of an element, whose last is pooled; by default [64, 64]. */
  readonly element?: ReadonlyArray<number>
  /** Widths of the hidden layers of the network of what is pooled; by default [64, 64]. */
  readonly hidden?: ReadonlyArray<number>
  readonly activation?: NonNullable<NetworkOptions["activation"]>
  /** The length of a vector that the network of what is pooled takes besides. */
  readonly context?: number
}

/** From the elements [n, inputs], of which the first `count` are in the set, all by default, to a vector. */
export type SetNetwork = (elements: tf.Tensor, count?: Numeric, context?: tf.Tensor) => tf.Tensor

/**
 * A network of a set, which knows no order and takes sets of any size: ρ(mean φ(xᵢ), log n), both networks multilayer perceptrons. What
 * stands behind the first `count` elements is padding.
 *
 * @see Zaheer et al. 2017, "Deep Sets".
 *
 * @example
 * ```ts
 * import { deepSet } from "pushforward/learnables"
 *
 * const network = deepSet({ inputs: 2, outputs: 8, element: [32, 32], hidden: [32] })
 * console.log(network.name)
 * ```
 */
export const deepSet = ({
  inputs,
  outputs,
  element = [64, 64],
  hidden = [64, 64],
  activation = "relu",
  context = 0
}: DeepSetOptions): Learnable<SetNetwork> => {
  const [pooled] = element.slice(-1)
  if (pooled === undefined) throw new ArgumentError({ argument: "deepSet.element", expected: "at least one width", received: "none" })
  const parts = {
    element: mlp({ inputs, outputs: pooled, hidden: element.slice(0, -1), activation }),
    whole: mlp({ inputs: pooled, outputs, context: context + 1, hidden, activation })
  }
  return combine("deep set", parts, ({ element: phi, whole: rho }): SetNetwork => (elements, count = elements.shape[0]!, given) => {
    const size = tf.reshape(tf.log(asTensor(count)), [1])
    return rho(meanOfFirst(phi(elements), count), context === 0 ? size : tf.concat([size, contextOf("deep set", given, context)]))
  })
}
