import * as tf from "@tensorflow/tfjs-core"
import { ArgumentError } from "../errors.ts"
import { range, sizeOf } from "../graph/shape.ts"
import type { NDArray, Shape } from "../graph/types.ts"
import { normals } from "../random/draws.ts"
import { fold, type Key } from "../random/key.ts"
import { asTensor } from "../trace/tensor.ts"
import { tensorAt } from "./access.ts"
import type { Learnable } from "./learnable.ts"

/** Nonlinearities, with the gain that keeps a layer's variance (He et al. 2015 for `relu`, LeCun et al. 1998 for the others). */
const activations = {
  relu: { apply: (x: tf.Tensor): tf.Tensor => tf.relu(x), gain: Math.SQRT2 },
  leakyRelu: { apply: (x: tf.Tensor): tf.Tensor => tf.leakyRelu(x, 0.01), gain: Math.SQRT2 },
  elu: { apply: (x: tf.Tensor): tf.Tensor => tf.elu(x), gain: 1 },
  tanh: { apply: (x: tf.Tensor): tf.Tensor => tf.tanh(x), gain: 1 },
  softplus: { apply: (x: tf.Tensor): tf.Tensor => tf.softplus(x), gain: 1 },
  silu: { apply: (x: tf.Tensor): tf.Tensor => tf.mul(x, tf.sigmoid(x)), gain: Math.SQRT2 }
} as const

export interface NetworkOptions {
  /** Widths of the hidden layers; by default [32, 32]. None makes the network affine. */
  readonly hidden?: ReadonlyArray<number>
  /** By default `relu`. */
  readonly activation?: keyof typeof activations
  /** The first weights of hidden layers have standard deviation gain / √(inputs + 1); by default what keeps a layer's variance, √2 for `relu`. */
  readonly gain?: number
  /** Scales the last layer's first weights; a small one makes the outputs start near 0. */
  readonly outputScale?: number
}

export interface MlpOptions extends NetworkOptions {
  readonly inputs: number
  readonly outputs: number
  /** The length of a second input, which acts as if it were concatenated to the first. */
  readonly context?: number
}

export type Network = (x: tf.Tensor, context?: tf.Tensor | void) => tf.Tensor

/**
 * A multilayer perceptron, vector to vector: xₗ₊₁ = act(xₗ Wₗ + bₗ), the last layer without `act`. A context enters the first layer by a
 * weight of its own, x W₁ + c C + b₁: what concatenation computes, but what does not vary with x is multiplied once.
 *
 * @example
 * ```ts
 * import { model, observe, param, plate } from "pushforward"
 * import { Normal } from "pushforward/distributions"
 * import { mlp } from "pushforward/learnables"
 *
 * const network = mlp({ inputs: 2, outputs: 1, hidden: [16] })
 * const regression = model(function* (data: { x: ReadonlyArray<ReadonlyArray<number>>; y: ReadonlyArray<number> }) {
 *   const f = yield* param("f", network)
 *   yield* plate("row", data, function* (row) {
 *     yield* observe("y", Normal(f(row.x).reshape([]), 1), row.y)
 *   })
 * })
 * ```
 */
export const mlp = (options: MlpOptions): Learnable<Network> => maskedMlp(options)

/** The same, in which the weights of layer l + 1 are 0 for good where masks[l] is. */
export const maskedMlp = (
  { inputs, outputs, context = 0, hidden = [32, 32], activation = "relu", gain, outputScale = 1 }: MlpOptions,
  masks?: ReadonlyArray<NDArray>
): Learnable<Network> => {
  for (const [argument, n] of [["inputs", inputs], ["outputs", outputs], ...hidden.map((n, i) => [`hidden[${i}]`, n] as const)] as const) {
    if (!Number.isInteger(n) || n < 1)
      throw new ArgumentError({ argument: `mlp.${argument}`, expected: "a positive integer", received: String(n) })
  }
  if (!Number.isInteger(context) || context < 0) {
    throw new ArgumentError({ argument: "mlp.context", expected: "an integer from 0 on", received: String(context) })
  }
  const { apply, gain: keeping } = activations[activation]
  const widths = [inputs, ...hidden, outputs]
  const layers = widths.length - 1

  const init = (key: Key) => {
    const params: Record<string, NDArray> = {}
    for (let l = 1; l <= layers; l++) {
      const [from, to] = [widths[l - 1]!, widths[l]!]
      const last = l === layers
      const mask = masks?.[l - 1]?.data
      // Biases count as one more input: in few dimensions they spread the units' kinks.
      const scales = Float64Array.from({ length: to }, (_, unit) => {
        const seen = mask === undefined ? from : range(from).reduce((sum, i) => sum + mask[i * to + unit]!, 0)
        return (last ? outputScale : (gain ?? keeping)) / Math.sqrt(seen + (l === 1 ? context : 0) + 1)
      })
      const randomise = (name: string, shape: Shape, factor: (k: number) => number): void => {
        params[name] = { shape, data: normals(fold(key, name), sizeOf(shape)).map((z, k) => z * scales[k % to]! * factor(k)) }
      }
      randomise(`weight ${l}`, [from, to], (k) => mask?.[k] ?? 1)
      randomise(`bias ${l}`, [to], () => (last ? 0 : 1))
      if (l === 1 && context > 0) randomise("context weight", [context, to], () => 1)
    }
    return params
  }

  return {
    name: "mlp",
    init,
    build: (params) => (x, given) => {
      if (x.shape.at(-1) !== inputs) {
        throw new ArgumentError({ argument: "mlp.x", expected: `a tensor of shape [${inputs}]`, received: `[${x.shape.join(", ")}]` })
      }
      let y = x
      for (let l = 1; l <= layers; l++) {
        const [weight, mask] = [tensorAt("mlp", params, `weight ${l}`), masks?.[l - 1]]
        y = tf.add(tf.dot(y, mask === undefined ? weight : tf.mul(weight, asTensor(mask))), tensorAt("mlp", params, `bias ${l}`))
        if (l === 1 && context > 0) y = tf.add(y, tf.dot(contextOf("mlp", given, context), tensorAt("mlp", params, "context weight")))
        if (l < layers) y = apply(y)
      }
      return y
    }
  }
}

/** The context that a conditional learnable was promised, checked. */
export const contextOf = (owner: string, given: tf.Tensor | void, length: number): tf.Tensor => {
  if (given === undefined || given.rank !== 1 || given.shape[0] !== length) {
    throw new ArgumentError({
      argument: `${owner}.context`,
      expected: `a tensor of shape [${length}]`,
      received: given === undefined ? "none" : `[${given.shape.join(", ")}]`
    })
  }
  return given
}
