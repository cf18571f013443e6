import * as tf from "@tensorflow/tfjs-core"
import * as fc from "fast-check"
import type { Bijector } from "../bijector/bijector.ts"
import { range } from "../graph/shape.ts"
import type { NDArray } from "../graph/types.ts"
import { gradient } from "../trace/trace.ts"
import { arrayOf, unconstrained } from "./arbitrary.ts"
import { chartOf } from "./chart.ts"
import { compiled } from "./compiled.ts"
import type { Arrays, Tensors } from "./compiled.ts"
import { anyMember, atKnown, familyOf } from "./family.ts"
import type { Family } from "./family.ts"
import { gradientLaws } from "./gradientLaws.ts"
import { claim, close, law } from "./law.ts"
import type { Law, LawOptions } from "./law.ts"
import { eliminate, largest, rowsOf, sumOfSizes } from "./matrices.ts"

export interface BijectorLawOptions extends LawOptions {
  /** The real numbers whose images in the ends are tried. By default around 0, with some up to 8. */
  readonly numbers?: fc.Arbitrary<number>
}

/** Room for the roundings of a map: each loses half a unit in float64's last place, in terms of the size of its inputs and its result. */
const ROUNDINGS = 256 * (Number.EPSILON / 2)

const flat = (t: tf.Tensor): tf.Tensor => tf.reshape(t, [t.size])

/** The rows of ∂y/∂x at these elements of y. */
const jacobian = (y: tf.Tensor, x: tf.Tensor, elements: ReadonlyArray<number> = range(y.size)): tf.Tensor =>
  tf.stack(elements.map((k) => flat(gradient(tf.sum(tf.slice(flat(y), [k], [1])), [x])[0]!)))

const sizeOf = (...arrays: ReadonlyArray<NDArray>): number => 1 + Math.max(...arrays.map(({ data }) => largest(data)))

/**
 * The laws of a bijector, at random inputs (and, of a family, at random parameters) in float64. Its values lie in its codomain. Both
 * round trips return. The log-determinants of the two directions are opposite, and are log |det| of the Jacobian, on free coordinates
 * where an end is a manifold. Its gradients are those of finite differences, and every parameter has one.
 *
 * Tolerances are ε times the condition of the map where it is tried.
 *
 * @example
 * ```ts
 * import { exp } from "pushforward/bijectors"
 * import { bijectorLaws } from "pushforward/testing"
 *
 * for (const law of bijectorLaws(exp())) law.run() // in a test runner: it(law.name, law.run)
 * ```
 */
export const bijectorLaws = (subject: Bijector | Family<Bijector>, options: BijectorLawOptions = {}): ReadonlyArray<Law> => {
  const family = familyOf(subject)
  const { numbers = unconstrained() } = options
  const [below, above] = anyMember(family, (b) => [chartOf(b.domain).domain.shape, chartOf(b.codomain).domain.shape] as const)
  const casesIn = (shape: ReadonlyArray<number>): fc.Arbitrary<Case> =>
    fc.record({ z: arrayOf(shape, numbers), parameters: family.parameters })
  const check = (name: string, cases: fc.Arbitrary<Case>, holds: (c: Case) => void): Law => law(family.name, name, cases, options, holds)
  const at = <Out extends string>(f: (z: tf.Tensor, bijector: Bijector) => Tensors<Out>) => {
    const run = compiled<string, Out>(({ z, ...parameters }) => f(z!, family.make(parameters)))
    return ({ z, parameters }: Case): Arrays<Out> => run({ ...parameters, z })
  }

  const there = at((z, b) => {
    const x = chartOf(b.domain).forward(z).value
    const y = b.forward(x)
    const back = b.inverse(y.value)
    const logDetSlope = gradient(back.logDet, [y.value])[0]!
    return {
      x,
      y: y.value,
      logDet: y.logDet,
      back: back.value,
      backLogDet: back.logDet,
      slopes: jacobian(back.value, y.value),
      logDetSlope
    }
  })
  const back = at((z, b) => {
    const y = chartOf(b.codomain).forward(z).value
    const x = b.inverse(y).value
    const again = b.forward(x).value
    return { y, x, again, slopes: jacobian(again, x) }
  })
  const determinant = at((z, b) => {
    const x = chartOf(b.domain).forward(z)
    const y = b.forward(x.value)
    const logDet = tf.add(x.logDet, y.logDet)
    const rows = jacobian(y.value, z, b.codomain.constraint.freeCoordinates(b.codomain.shape))
    return { y: y.value, logDet, rows, logDetSlope: gradient(logDet, [z])[0]! }
  })
  const returns = (actual: NDArray, expected: NDArray, slopes: NDArray, size: number): void =>
    rowsOf(slopes).forEach((row, i) =>
      close(`component ${i}`, actual.data[i]!, expected.data[i]!, ROUNDINGS * size * (1 + sumOfSizes(row)))
    )

  return [
    check("its values lie in its codomain", casesIn(below), (c) => {
      const { y } = there(c)
      const violation = atKnown(family, c.parameters, ({ codomain }) => codomain.constraint.violation(y.data, codomain.shape))
      claim(violation === undefined, () => violation!)
    }),
    check("inverse after forward is the identity", casesIn(below), (c) => {
      const { x, y, back, slopes } = there(c)
      returns(back, x, slopes, sizeOf(x, y, ...Object.values(c.parameters)))
    }),
    check("forward after inverse is the identity", casesIn(above), (c) => {
      const { x, y, again, slopes } = back(c)
      returns(again, y, slopes, sizeOf(x, y, ...Object.values(c.parameters)))
    }),
    check("the log-determinants of the two directions are opposite", casesIn(below), (c) => {
      const { x, y, logDet, backLogDet, logDetSlope } = there(c)
      const size = sizeOf(x, y, logDet, ...Object.values(c.parameters))
      close("the inverse's log-determinant", backLogDet.data[0]!, -logDet.data[0]!, ROUNDINGS * size * (1 + sumOfSizes(logDetSlope.data)))
    }),
    check("the log-determinant is that of the Jacobian", casesIn(below), (c) => {
      const { y, logDet, rows, logDetSlope } = determinant(c)
      const matrix = rowsOf(rows)
      claim(
        matrix.every(({ length }) => length === matrix.length),
        () => `the ends have ${matrix[0]?.length} and ${matrix.length} dimensions`
      )
      const { logDet: expected, condition } = eliminate(matrix)
      const size = sizeOf(c.z, y, logDet, ...Object.values(c.parameters))
      close("the log-determinant", logDet.data[0]!, expected, ROUNDINGS * (size * (1 + sumOfSizes(logDetSlope.data)) + condition))
    }),
    ...gradientLaws(
      family.name,
      "value and log-determinant",
      casesIn(below).map(({ z, parameters }) => ({ moving: { ...parameters, z } })),
      anyMember(family, (_, parameters) => Object.keys(parameters)),
      ({ z, ...parameters }) => {
        const b = family.make(parameters)
        const { value, logDet } = b.forward(chartOf(b.domain).forward(z!).value)
        const weights = tf.tensor1d(range(value.size).map((i) => Math.cos(3 * i)))
        return tf.add(tf.sum(tf.mul(flat(value), weights)), logDet)
      },
      options
    )
  ]
}

interface Case {
  readonly z: NDArray
  readonly parameters: Arrays
}
