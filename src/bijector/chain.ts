import { concatAll } from "#fp-ts/Semigroup"
import { ArgumentError } from "../errors.ts"
import type { Bijector } from "./bijector.ts"
import { checkEnds } from "./compose.ts"
import { semigroup } from "./groupoid.ts"

/**
 * Bijectors one after the other in reading order: the first is applied first. Each must start in the space where the one before it ends;
 * else a `ShapeError` names both.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs-core"
 * import { chain, elementwiseAffine, exp } from "pushforward/bijectors"
 *
 * chain([elementwiseAffine(0, 2), exp()]).forward(tf.scalar(1)).value.print() // e²
 * ```
 */
export const chain = (bijectors: ReadonlyArray<Bijector>): Bijector => {
  const [first, ...rest] = bijectors
  if (first === undefined) {
    throw new ArgumentError({
      argument: "chain.bijectors",
      expected: "at least one",
      received: "none",
      remedy: "The empty chain of a space is `identity(shape)`."
    })
  }
  if (rest.length === 0) return first
  rest.forEach((bijector, i) => checkEnds(bijectors[i]!, bijector))
  return { ...concatAll(semigroup)(first)(rest), name: `chain(${bijectors.map((b) => b.name).join(", ")})`, parts: bijectors }
}
