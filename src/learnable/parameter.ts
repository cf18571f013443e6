import type * as tf from "@tensorflow/tfjs-core"
import type { Constraint } from "../constraint/constraint.ts"
import { real } from "../constraint/real.ts"
import { ArgumentError } from "../errors.ts"
import type { NDArray } from "../graph/types.ts"
import { evaluate } from "../trace/evaluate.ts"
import { hostValues, shapeOf, type Numeric } from "../trace/tensor.ts"
import { tensorAt } from "./access.ts"
import type { Learnable } from "./learnable.ts"

/**
 * A tensor to be learned, from the value `start`; it stays within `constraint`. The tree holds its image in R^n.
 *
 * @example
 * ```ts
 * import { model, observe, param } from "pushforward"
 * import { positive } from "pushforward/constraints"
 * import { Normal } from "pushforward/distributions"
 * import { parameter } from "pushforward/learnables"
 *
 * const scale = parameter(1, positive)
 * const noise = model(function* (y: number) {
 *   const sigma = yield* param("sigma", scale)
 *   yield* observe("y", Normal(0, sigma), y)
 * })
 * ```
 */
export const parameter = (start: Numeric, constraint: Constraint = real): Learnable<tf.Tensor> => {
  const shape = shapeOf(start)
  const data = hostValues(start)
  if (data === undefined) throw new ArgumentError({ argument: "parameter.start", expected: "numbers", received: "a computed tensor" })
  if (constraint.bijector === undefined) {
    throw new ArgumentError({ argument: "parameter.constraint", expected: "a continuous one", received: constraint.name })
  }
  const violation = constraint.violation(data, shape)
  if (violation !== undefined) {
    throw new ArgumentError({ argument: "parameter.start", expected: `a value that satisfies "${constraint.name}"`, received: violation })
  }
  const bijector = constraint.bijector(shape)
  return {
    name: "parameter",
    init: () => ({ value: evaluate((y) => bijector.inverse(y).value, [{ shape, data: Float64Array.from(data) }])[0] as NDArray }),
    build: (params) => bijector.forward(tensorAt("parameter", params, "value")).value
  }
}
