import * as tf from "@tensorflow/tfjs-core"
import * as fc from "fast-check"
import type { Constraint } from "../constraint/constraint.ts"
import { sizeOf } from "../graph/shape.ts"
import type { NDArray, Shape } from "../graph/types.ts"
import { trace } from "../trace/trace.ts"
import { arbitraryOf } from "./arbitrary.ts"
import { bijectorLaws } from "./bijectorLaws.ts"
import type { BijectorLawOptions } from "./bijectorLaws.ts"
import { compiled } from "./compiled.ts"
import type { Tensors } from "./compiled.ts"
import { claim, law } from "./law.ts"
import type { Law } from "./law.ts"

/**
 * The laws of a constraint on events of `shape`: values that it admits, and values beside them, are found outside or not the same way by
 * numbers and by tensors; its bijection maps R^n, n its free coordinates, onto it, and holds to the laws of bijectors.
 *
 * @example
 * ```ts
 * import { simplex } from "pushforward/constraints"
 * import { constraintLaws } from "pushforward/testing"
 *
 * for (const law of constraintLaws(simplex, [3])) law.run() // in a test runner: it(law.name, law.run)
 * ```
 */
export const constraintLaws = (constraint: Constraint, shape: Shape = [], options: BijectorLawOptions = {}): ReadonlyArray<Law> => {
  const { name, bijector, outside } = constraint
  const subject = `${name} [${shape.join(", ")}]`
  const inside = arbitraryOf(constraint, shape, options.numbers)
  const beside = fc.tuple(inside, fc.constantFrom(-1, 0, 1e-3, 0.5, 2), fc.nat()).map(([{ data }, change, at]) => ({
    shape,
    data: Float64Array.from(data, (x, i) => (i === at % data.length ? (change === -1 ? -x : x + change) : x))
  }))
  const found = compiled(({ x }: Tensors<"x">) => {
    const nowhere = tf.zeros([...shape], "bool")
    return { out: tf.cast(outside === undefined ? nowhere : tf.logicalOr(outside(x), nowhere), "float32") }
  })
  const isOutside = (x: NDArray): boolean => found({ x }).out.data.some((v) => v !== 0)
  const laws = [
    law(subject, "what it admits violates nothing", inside, options, ({ data }) => {
      const violation = constraint.violation(data, shape)
      claim(violation === undefined, () => violation!)
    }),
    law(subject, "tensors are outside where numbers are", fc.oneof(inside, beside), options, (x) => {
      const violation = constraint.violation(x.data, shape)
      const out = isOutside(x)
      claim(
        out === (violation !== undefined),
        () => `${x.data.join(", ")} is ${out ? "" : "not "}outside as a tensor; as numbers: ${violation ?? "it is inside"}`
      )
    }),
    law(subject, "of a tensor, NaN is not outside, where it would be hidden", fc.constant(NaN), { ...options, numRuns: 1 }, (nan) => {
      claim(!isOutside({ shape, data: new Float64Array(sizeOf(shape)).fill(nan) }), () => "NaN is found outside")
      claim(
        constraint.violation([nan, ...new Array<number>(sizeOf(shape) - 1).fill(0)], shape) !== undefined,
        () => "as a number, NaN is admitted"
      )
    })
  ]
  if (bijector === undefined) return laws
  const image = trace(() => bijector(shape)).result
  return [
    ...laws,
    law(subject, "its bijection starts in as many dimensions as it has free coordinates", fc.constant(0), options, () => {
      const [from, free] = [sizeOf(image.domain.shape), constraint.freeCoordinates(shape).length]
      claim(from === free, () => `it starts in R^${from}; ${free} coordinates are free`)
    }),
    ...bijectorLaws({ name: subject, parameters: fc.constant({}), make: () => bijector(shape) }, options)
  ]
}
