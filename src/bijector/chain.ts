import { concatAll } from "#fp-ts/Monoid"
import { ArgumentError } from "../errors.ts"
import type { Bijector } from "./bijector.ts"
import { monoid } from "./groupoid.ts"

/**
 * Bijectors one after the other in reading order: the first is applied first. Each must start in the space where the one before it ends;
 * else a `ShapeError` names both.
 *
 * @example
 * chain([elementwiseAffine(0, 2), exp()]).forward(tf.scalar(1)).value // e²
 */
export const chain = (bijectors: ReadonlyArray<Bijector>): Bijector => {
  const [first, ...rest] = bijectors
  if (first === undefined) {
    throw new ArgumentError({ argument: "chain.bijectors", expected: "at least one", received: "none", remedy: "The empty chain of a space is `identity(shape)`." })
  }
  if (rest.length === 0) return first
  return { ...concatAll(monoid(first.domain))(bijectors), name: `chain(${bijectors.map((b) => b.name).join(", ")})` }
}
