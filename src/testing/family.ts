/** What a law is about: one thing, or a family of them with random parameters. */
import * as fc from "fast-check"
import { asTensor } from "../trace/tensor.ts"
import { trace } from "../trace/trace.ts"
import { mapRecord } from "./compiled.ts"
import type { Arrays, Tensors } from "./compiled.ts"

/** Bijectors or distributions with random parameters, which the laws vary and differentiate by; see `family`. */
export interface Family<out A> {
  readonly name: string
  /** By name, of fixed shapes. */
  readonly parameters: fc.Arbitrary<Arrays>
  readonly make: (parameters: Tensors) => A
}

/**
 * A family by its random parameters, whose names `make` sees.
 *
 * @example
 * ```ts
 * import * as fc from "fast-check"
 * import { positive, real } from "pushforward/constraints"
 * import { Normal } from "pushforward/distributions"
 * import { arbitraryOf, distributionLaws, family } from "pushforward/testing"
 *
 * const normals = family({
 *   name: "Normal",
 *   parameters: fc.record({ loc: arbitraryOf(real, [2]), scale: arbitraryOf(positive) }),
 *   make: ({ loc, scale }) => Normal(loc, scale)
 * })
 * for (const law of distributionLaws(normals)) law.run() // in a test runner: it(law.name, law.run)
 * ```
 */
export const family = <Name extends string, A>(definition: {
  readonly name: string
  readonly parameters: fc.Arbitrary<Arrays<Name>>
  readonly make: (parameters: Tensors<Name>) => A
}): Family<A> => definition as unknown as Family<A>

/** One thing is a family without parameters. */
export const familyOf = <A extends { readonly name: string }>(subject: A | Family<A>): Family<A> =>
  "make" in subject ? subject : { name: subject.name, parameters: fc.constant({}), make: () => subject }

/** What `use` finds of the member at these parameters, whose numbers the member knows. */
export const atKnown = <A, B>(family: Family<A>, parameters: Arrays, use: (member: A) => B): B =>
  trace(() => use(family.make(mapRecord(parameters, (p) => asTensor(p))))).result

/** What `use` finds of some member: shapes and the like, which all members share. */
export const anyMember = <A, B>(family: Family<A>, use: (member: A, parameters: Arrays) => B): B => {
  const parameters = fc.sample(family.parameters, { seed: 1, numRuns: 1 })[0]!
  return atKnown(family, parameters, (member) => use(member, parameters))
}
