import * as tf from "@tensorflow/tfjs-core"
import type { Bijector } from "../bijector/bijector.ts"
import { radial } from "../bijector/radial.ts"
import { normals } from "../random/draws.ts"
import type { Key } from "../random/key.ts"
import { boundedLogScale } from "./boundedScaleShift.ts"
import type { FlowContext, Learnable } from "./learnable.ts"
import { countOf, learnableVector, learnedBy, type ConditionalOptions } from "./vector.ts"

/** Any centre, a reach of 1, a small stretch. */
const startOf = (d: number) => (key: Key) => ({
  shape: [d + 2],
  data: normals(key, d + 2).map((z, k) => (k < d ? z : k === d ? 0 : 0.01 * z))
})

/**
 * A radial map (see `radial`) whose centre, reach and stretch are learned as they are, or computed from a context; near the identity at
 * first, about a random point.
 *
 * @see Rezende & Mohamed 2015, "Variational Inference with Normalizing Flows", section 4.1.
 *
 * @example
 * ```ts
 * import { learnableRadial, sequence } from "pushforward/learnables"
 *
 * const flow = sequence(Array.from({ length: 16 }, () => learnableRadial({ size: 2 })))
 * ```
 */
export const learnableRadial = ({
  size: d,
  ...conditional
}: ConditionalOptions & { readonly size: number }): Learnable<Bijector, FlowContext> => {
  const name = "radial"
  countOf(`${name}.size`, d)
  return learnedBy(learnableVector(name, d + 2, conditional, startOf(d)), (raw) => {
    const scalar = (at: number): tf.Tensor => tf.reshape(tf.slice(raw, [at], [1]), [])
    return radial({ centre: tf.slice(raw, [0], [d]), alpha: tf.exp(boundedLogScale(scalar(d))), beta: scalar(d + 1) })
  })
}
