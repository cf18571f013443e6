import * as tf from "@tensorflow/tfjs-core"
import { normals, uniforms } from "../random/draws.ts"
import { fold, type Key } from "../random/key.ts"
import { constant } from "../trace/tensor.ts"
import { tensorAt } from "./access.ts"
import type { Learnable } from "./learnable.ts"
import type { Network } from "./mlp.ts"
import { countOf } from "./vector.ts"

export interface FourierOptions {
  readonly inputs: number
  readonly outputs: number
  /** The standard deviation of the first frequencies; by default 3, for inputs of about one. Details of size 1/scale are seen at once. */
  readonly scale?: number
  /** Without phases, so that x and −x are one: half as many features do for what is symmetric about the origin. */
  readonly even?: boolean
}

/**
 * Random Fourier features, √2 cos(x W + b), W ~ Normal(0, scale²), b ~ Uniform(0, 2π), whose frequencies and phases are learned from there.
 * A multilayer perceptron takes long to learn details that are fine beside the range of its inputs; these see them at once. Their mean over
 * a set is its empirical characteristic function.
 *
 * @see Rahimi & Recht 2007, "Random Features for Large-Scale Kernel Machines"; Tancik et al. 2020, "Fourier Features Let Networks Learn
 * High Frequency Functions in Low Dimensional Domains".
 *
 * @example
 * ```ts
 * import { fourierFeatures } from "pushforward/learnables"
 *
 * const features = fourierFeatures({ inputs: 2, outputs: 64 })
 * console.log(features.name)
 * ```
 */
export const fourierFeatures = ({ inputs, outputs, scale = 3, even = false }: FourierOptions): Learnable<Network> => {
  const name = "Fourier features"
  const size = countOf("fourierFeatures.inputs", inputs) * countOf("fourierFeatures.outputs", outputs)
  return {
    name,
    init: (key: Key) => ({
      frequencies: { shape: [inputs, outputs], data: normals(fold(key, "frequencies"), size).map((z) => z * scale) },
      ...(!even && { phases: { shape: [outputs], data: uniforms(fold(key, "phases"), outputs).map((u) => 2 * Math.PI * u) } })
    }),
    build: (params) => (x) => {
      const turned = tf.dot(x, tensorAt(name, params, "frequencies"))
      return tf.mul(constant(Math.SQRT2), tf.cos(even ? turned : tf.add(turned, tensorAt(name, params, "phases"))))
    }
  }
}
