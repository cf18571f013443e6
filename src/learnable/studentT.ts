import * as tf from "@tensorflow/tfjs-core"
import type { Distribution } from "../distribution/distribution.ts"
import { StudentT } from "../distribution/studentT.ts"
import { tensorAt } from "./access.ts"
import { zeros } from "./arrays.ts"
import { ArgumentError } from "../errors.ts"
import type { FlowContext, Learnable } from "./learnable.ts"
import { countOf } from "./vector.ts"

/**
 * Independent Student's t distributions whose degrees of freedom, location and scale are learned by component: a base with tails as heavy
 * as those of the data, which a flow of bounded slopes cannot make of a Gaussian's. It starts at 0 and 1, with `df` degrees of freedom, by
 * default 10.
 *
 * @see Jaini, Kobyzev, Yu & Brubaker 2020, "Tails of Lipschitz Triangular Flows".
 *
 * @example
 * ```ts
 * import { learnableAffineCoupling, learnableStudentT, learnableTransformed } from "pushforward/learnables"
 *
 * const heavy = learnableTransformed(learnableStudentT({ size: 2 }), learnableAffineCoupling({ size: 2 }))
 * ```
 */
export const learnableStudentT = ({
  size,
  df = 10
}: {
  readonly size: number
  readonly df?: number
}): Learnable<Distribution<"real">, FlowContext> => {
  const name = "Student's t"
  const shape = [countOf(`${name}.size`, size)]
  if (!(df > 0 && df < Infinity)) throw new ArgumentError({ argument: `${name}.df`, expected: "a number above 0", received: String(df) })
  return {
    name,
    init: () => ({ "log df": zeros(shape), loc: zeros(shape), "log scale": zeros(shape) }),
    build: (params) =>
      StudentT(
        tf.mul(tf.exp(tensorAt(name, params, "log df")), df),
        tensorAt(name, params, "loc"),
        tf.exp(tensorAt(name, params, "log scale"))
      )
  }
}
