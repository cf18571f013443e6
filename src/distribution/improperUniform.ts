import * as tf from "@tensorflow/tfjs-core"
import { real } from "../constraint/index.ts"
import type { Constraint } from "../constraint/constraint.ts"
import { ArgumentError } from "../errors.ts"
import type { Shape } from "../graph/types.ts"
import { constant } from "../trace/tensor.ts"
import type { Distribution } from "./distribution.ts"
import { negativeInfinity } from "./logarithms.ts"
import { asEvent } from "./parameters.ts"

/**
 * The improper prior of log density 0 on a constraint, with respect to its free coordinates. It is a prior only: it has no draws.
 *
 * @throws ArgumentError when it is asked for a draw.
 * @example
 * ```ts
 * import { ordered } from "pushforward/constraints"
 * import { ImproperUniform } from "pushforward/distributions"
 *
 * const cutpoints = ImproperUniform(ordered, [3])
 * ```
 */
export const ImproperUniform = (constraint: Constraint, shape: Shape = []): Distribution<"real"> =>
  improper("ImproperUniform", constraint, shape)

/** The improper prior of log density 0 on R^n. */
export const Flat = (shape: Shape = []): Distribution<"real"> => improper("Flat", real, shape)

const improper = (name: string, support: Constraint, eventShape: Shape): Distribution<"real"> => ({
  name,
  kind: "real",
  support,
  eventShape,
  logProb: (value) => {
    const x = asEvent(name, eventShape, value)
    return support.outside === undefined ? constant(0) : tf.where(tf.any(support.outside(x)), negativeInfinity(), 0)
  },
  sample: () => {
    throw new ArgumentError({
      argument: `${name}.sample`,
      expected: "a proper distribution",
      received: `the improper prior on ${support.name}`,
      remedy: "Give the site a proper prior, or its value by `substitute` or `condition`."
    })
  }
})
