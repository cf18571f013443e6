/** Laws of what is differentiable, shared by bijectors and distributions. */
import type * as tf from "@tensorflow/tfjs-core"
import * as fc from "fast-check"
import { gradient } from "../trace/trace.ts"
import { compiled } from "./compiled.ts"
import type { Arrays, Tensors } from "./compiled.ts"
import { agreesWithDifferences, direction } from "./differences.ts"
import { claim, law } from "./law.ts"
import type { Law, LawOptions } from "./law.ts"

/** Of how many random cases one must have a gradient in each parameter. */
const CASES = 12

/** Where a scalar is differentiated: by what is moving, at what is fixed. */
export interface Point {
  readonly moving: Arrays
  readonly fixed?: Arrays
}

/**
 * That the gradients of a scalar are those of finite differences, and that each of its `parameters` moves it. `what` is what the scalar
 * is of: "log density".
 */
export const gradientLaws = (
  subject: string,
  what: string,
  cases: fc.Arbitrary<Point>,
  parameters: ReadonlyArray<string>,
  scalar: (inputs: Tensors) => tf.Tensor,
  options: LawOptions
): ReadonlyArray<Law> => {
  const byName = compiled((inputs: Tensors) => {
    const value = scalar(inputs)
    const names = Object.keys(inputs)
    const gradients = gradient(value, Object.values(inputs))
    return { "": value, ...Object.fromEntries(names.map((name, i) => [name, gradients[i]!])) } as Tensors
  })
  const run = ({ moving, fixed }: Point): Arrays => byName({ ...moving, ...fixed })
  const differences = law(
    subject,
    `the gradients of its ${what} are those of finite differences`,
    fc.tuple(cases, direction),
    options,
    ([point, along]) => {
      if (Object.keys(point.moving).length === 0) return
      agreesWithDifferences((moving) => run({ ...point, moving })[""]!.data[0]!, point.moving, run(point), along)
    }
  )
  if (parameters.length === 0) return [differences]
  const several = fc.array(cases, { minLength: CASES, maxLength: CASES })
  const everyParameter = law(subject, `every parameter has a gradient by its ${what}`, several, { ...options, numRuns: 1 }, (points) => {
    const gradients = points.map(run)
    for (const name of parameters) {
      const all = gradients.flatMap((g) => Array.from(g[name]!.data))
      claim(all.every(Number.isFinite), () => `the gradient in "${name}" is not finite: ${all.find((g) => !Number.isFinite(g))}`)
      claim(
        all.some((g) => g !== 0),
        () => `the gradient in "${name}" is 0 at all of ${CASES} cases`
      )
    }
  })
  return [differences, everyParameter]
}
