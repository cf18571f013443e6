import * as tf from "@tensorflow/tfjs-core"
import type { Bijector } from "../bijector/bijector.ts"
import { planar } from "../bijector/planar.ts"
import type { Key } from "../random/key.ts"
import { normals } from "../random/draws.ts"
import type { FlowContext, Learnable } from "./learnable.ts"
import { countOf, learnableVector, learnedBy, type ConditionalOptions } from "./vector.ts"

/** w of length about 1, a small u, any b. */
const startOf = (d: number) => (key: Key) => ({
  shape: [2 * d + 1],
  data: normals(key, 2 * d + 1).map((z, k) => (k === 2 * d ? z : (z * (k < d ? 1 : 0.01)) / Math.sqrt(d)))
})

/**
 * A planar map (see `planar`) whose parameters are learned as they are, or computed from a context; near the identity at first, in a
 * random direction.
 *
 * @see Rezende & Mohamed 2015, "Variational Inference with Normalizing Flows", section 4.1.
 *
 * @example
 * ```ts
 * import { learnablePlanar, sequence } from "pushforward/learnables"
 *
 * const flow = sequence(Array.from({ length: 16 }, () => learnablePlanar({ size: 2 })))
 * ```
 */
export const learnablePlanar = ({
  size: d,
  ...conditional
}: ConditionalOptions & { readonly size: number }): Learnable<Bijector, FlowContext> => {
  const name = "planar"
  countOf(`${name}.size`, d)
  return learnedBy(learnableVector(name, 2 * d + 1, conditional, startOf(d)), (raw) =>
    planar({ w: tf.slice(raw, [0], [d]), u: tf.slice(raw, [d], [d]), b: tf.reshape(tf.slice(raw, [2 * d], [1]), []) })
  )
}
