import * as tf from "@tensorflow/tfjs-core"
import type { Distribution } from "../distribution/distribution.ts"
import { Mixture } from "../distribution/mixture.ts"
import { Normal } from "../distribution/normal.ts"
import { range } from "../graph/shape.ts"
import { normals } from "../random/draws.ts"
import { fold } from "../random/key.ts"
import { tensorAt } from "./access.ts"
import { zeros } from "./arrays.ts"
import type { FlowContext, Learnable } from "./learnable.ts"
import { countOf } from "./vector.ts"

export interface MixtureOptions {
  /** The vector's length. */
  readonly size: number
  /** How many Gaussians; by default 8. */
  readonly components?: number
  /** The standard deviation of the means at the start; by default 2. */
  readonly spread?: number
}

/**
 * A mixture of Gaussians with independent coordinates, whose weights, means and scales are learned: a base with several modes, which a
 * flow need not tear apart. It starts at equal weights, scales of 1 and random means. (Its draws have no gradient in the weights: fit it
 * to points, not as a guide.)
 *
 * @example
 * ```ts
 * import { learnableAffineCoupling, learnableMixture, learnableTransformed } from "pushforward/learnables"
 *
 * const modes = learnableTransformed(learnableMixture({ size: 2, components: 8 }), learnableAffineCoupling({ size: 2 }))
 * ```
 */
export const learnableMixture = ({ size, components = 8, spread = 2 }: MixtureOptions): Learnable<Distribution<"real">, FlowContext> => {
  const name = "mixture"
  const shape = [countOf(`${name}.components`, components), countOf(`${name}.size`, size)]
  return {
    name,
    init: (key) => ({
      logits: zeros([components]),
      means: { shape, data: normals(fold(key, "means"), components * size).map((z) => spread * z) },
      "log scales": zeros(shape)
    }),
    build: (params) => {
      const row = (table: tf.Tensor, k: number): tf.Tensor => tf.reshape(tf.slice(table, [k, 0], [1, size]), [size])
      const [means, scales] = [tensorAt(name, params, "means"), tf.exp(tensorAt(name, params, "log scales"))]
      return Mixture(
        tensorAt(name, params, "logits"),
        range(components).map((k) => Normal(row(means, k), row(scales, k)))
      )
    }
  }
}
