/** Arbitraries of arrays, and of the values of a constraint. */
import * as fc from "fast-check"
import type { Constraint } from "../constraint/constraint.ts"
import { range, showShape, sizeOf } from "../graph/shape.ts"
import type { NDArray, Shape } from "../graph/types.ts"
import { trace } from "../trace/trace.ts"
import { compiled } from "./compiled.ts"

/** Real numbers around 0, and some that go to the ends of what float64 can tell apart on the other side of an exp. */
export const unconstrained = (): fc.Arbitrary<number> =>
  fc.oneof(
    { weight: 8, arbitrary: fc.double({ min: -3, max: 3, noNaN: true }) },
    { weight: 1, arbitrary: fc.constantFrom(0, 1e-9, -1e-9, 8, -8) }
  )

export const arrayOf = (shape: Shape, number: fc.Arbitrary<number>): fc.Arbitrary<NDArray> => {
  const size = sizeOf(shape)
  return fc.array(number, { minLength: size, maxLength: size }).map((data) => ({ shape, data: Float64Array.from(data) }))
}

/**
 * Values that satisfy a constraint, as events of `shape`: the images of real numbers (`numbers`, by default around 0) under its
 * bijection, which shrink to the image of 0; of a discrete constraint the integers in it, nearest to 0 first.
 *
 * @example
 * ```ts
 * import * as fc from "fast-check"
 * import { simplex } from "pushforward/constraints"
 * import { arbitraryOf } from "pushforward/testing"
 *
 * fc.assert(fc.property(arbitraryOf(simplex, [3]), ({ data }) => data.every((share) => share >= 0)))
 * ```
 */
export const arbitraryOf = (
  constraint: Constraint,
  shape: Shape = [],
  numbers: fc.Arbitrary<number> = unconstrained()
): fc.Arbitrary<NDArray> => {
  const { bijector } = constraint
  if (bijector === undefined) return arrayOf(shape, integersOf(constraint, shape))
  const { from } = trace(() => ({ from: bijector(shape).domain.shape })).result
  const forward = compiled(({ z }: { readonly z: Parameters<ReturnType<typeof bijector>["forward"]>[0] }) => ({
    value: bijector(shape).forward(z).value
  }))
  return arrayOf(from, numbers).map((z) => forward({ z }).value)
}

/** The integers near 0 that every component may be. */
const integersOf = (constraint: Constraint, shape: Shape): fc.Arbitrary<number> => {
  const reach = 1024
  const everywhere = (k: number): boolean => constraint.violation(new Array<number>(sizeOf(shape)).fill(k), shape) === undefined
  const found = range(2 * reach + 1, -reach)
    .filter(everywhere)
    .sort((a, b) => Math.abs(a) - Math.abs(b))
  if (found.length === 0) throw new Error(`no integer from ${-reach} to ${reach} satisfies ${constraint.name} ${showShape(shape)}`)
  return fc.nat(found.length - 1).map((i) => found[i]!)
}
