import * as tf from "@tensorflow/tfjs-core"
import { asTensor, type Numeric } from "../trace/tensor.ts"
import { combine } from "./combine.ts"
import { meanOfFirst } from "./meanOfFirst.ts"
import { fourierFeatures, type FourierOptions } from "./fourierFeatures.ts"
import type { Learnable } from "./learnable.ts"
import { contextOf, mlp, type Network, type NetworkOptions } from "./mlp.ts"

const identity: Learnable<Network> = { name: "identity", init: () => ({}), build: () => (x) => x }

export interface DeepSetOptions {
  /** The length of an element. */
  readonly inputs: number
  readonly outputs: number
  /** So many `fourierFeatures` of an element instead of its numbers, where it matters where exactly elements lie; by default none. */
  readonly fourier?: { readonly features: number } & Pick<FourierOptions, "scale" | "even">
  /** Widths of the layers of the network of an element, whose last is pooled; by default [64, 64], and none behind Fourier features. */
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
  fourier,
  element = fourier === undefined ? [64, 64] : [],
  hidden = [64, 64],
  activation = "relu",
  context = 0
}: DeepSetOptions): Learnable<SetNetwork> => {
  const seen = fourier?.features ?? inputs
  const pooled = element.at(-1) ?? seen
  const parts = {
    fourier: fourier === undefined ? identity : fourierFeatures({ inputs, outputs: seen, ...fourier }),
    element: element.length === 0 ? identity : mlp({ inputs: seen, outputs: pooled, hidden: element.slice(0, -1), activation }),
    whole: mlp({ inputs: pooled, outputs, context: context + 1, hidden, activation })
  }
  return combine(
    "deep set",
    parts,
    ({ fourier: see, element: phi, whole: rho }): SetNetwork =>
      (elements, count = elements.shape[0]!, given) => {
        const size = tf.reshape(tf.log(asTensor(count)), [1])
        return rho(meanOfFirst(phi(see(elements)), count), context === 0 ? size : tf.concat([size, contextOf("deep set", given, context)]))
      }
  )
}
