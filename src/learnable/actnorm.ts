import type { Bijector } from "../bijector/bijector.ts"
import { ArgumentError, ShapeError } from "../errors.ts"
import { range, showShape } from "../graph/shape.ts"
import { square } from "../special/index.ts"
import { hostValues, shapeOf, type Numeric } from "../trace/tensor.ts"
import { learnableElementwiseAffine } from "./affine.ts"
import type { FlowContext, Learnable } from "./learnable.ts"

/**
 * Activation normalisation: y = shift + scale · x by component, learned from the mean and standard deviation of the columns of `rows`
 * [n, d]. As the last layer of a flow it lets the others work on standardised numbers.
 *
 * @throws ArgumentError if a column is constant or not finite; ShapeError if there are not two rows.
 * @see Kingma & Dhariwal 2018, "Glow: Generative Flow with Invertible 1×1 Convolutions", section 3.1.
 *
 * @example
 * ```ts
 * import { learnableActnorm } from "pushforward/learnables"
 *
 * const points = [
 *   [1, 200],
 *   [3, 400]
 * ]
 * const layer = learnableActnorm(points) // shift [2, 300], scale [1, 100]
 * ```
 */
export const learnableActnorm = (rows: Numeric): Learnable<Bijector, FlowContext> => {
  const [n, d, ...more] = shapeOf(rows)
  if (n === undefined || d === undefined || more.length > 0 || n < 2) {
    throw new ShapeError({ where: "actnorm.rows", expected: "[n, d] with n ≥ 2", received: showShape(shapeOf(rows)) })
  }
  const data = hostValues(rows)
  if (data === undefined) throw new ArgumentError({ argument: "actnorm.rows", expected: "numbers", received: "a computed tensor" })
  const mean = (values: ReadonlyArray<number>): number => values.reduce((sum, v) => sum + v, 0) / n
  const columns = range(d).map((j) => {
    const column = range(n).map((i) => data[i * d + j]!)
    const shift = mean(column)
    const scale = Math.sqrt(mean(column.map((v) => square(v - shift))))
    if (scale > 0 && scale < Infinity) return { shift, scale }
    throw new ArgumentError({
      argument: "actnorm.rows",
      expected: "columns of finite numbers that vary",
      received: `a standard deviation of ${scale} in column ${j}`
    })
  })
  return {
    ...learnableElementwiseAffine({ shift: columns.map(({ shift }) => shift), scale: columns.map(({ scale }) => scale) }),
    name: "actnorm"
  }
}
