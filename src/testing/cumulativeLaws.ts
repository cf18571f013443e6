/** Laws of distribution functions, of one component. */
import * as tf from "@tensorflow/tfjs-core"
import * as fc from "fast-check"
import { gradient } from "../trace/trace.ts"
import { arrayOf } from "./arbitrary.ts"
import { close, law } from "./law.ts"
import type { Law, LawOptions } from "./law.ts"
import { largest } from "./matrices.ts"
import { at, chart } from "./members.ts"
import type { Members } from "./members.ts"

const ROUNDINGS = 256 * (Number.EPSILON / 2)

/** Each function is held to account up to here: beyond it, the other one keeps the digits. */
const CENTRE = Math.log(0.9)

/** The density is the slope of both distribution functions, which add to one, and whose inverses return. */
export const cumulativeLaws = (members: Members, numbers: fc.Arbitrary<number>, options: LawOptions): ReadonlyArray<Law> => {
  const run = at(members, (z, d) => {
    const x = chart(d).forward(z).value
    const { logCdf, logSurvival, quantile, upperQuantile } = d.cumulative!
    const [below, above] = [logCdf(x), logSurvival(x)]
    return {
      x,
      logProb: d.logProb(x),
      below,
      above,
      slope: tf.log(gradient(below, [x])[0]!),
      upperSlope: tf.log(tf.neg(gradient(above, [x])[0]!)),
      back: quantile(below),
      upperBack: upperQuantile(above)
    }
  })
  const cases = fc.record({ value: arrayOf(members.coordinates, numbers), parameters: members.family.parameters })
  const check = (name: string, holds: (c: Record<keyof ReturnType<typeof run>, number>, size: number) => void): Law =>
    law(members.family.name, name, cases, options, (c) => {
      const out = Object.fromEntries(Object.entries(run(c)).map(([key, { data }]) => [key, data[0]!])) as Record<
        keyof ReturnType<typeof run>,
        number
      >
      holds(out, 1 + Math.max(Math.abs(out.x), Math.abs(out.logProb), ...Object.values(c.parameters).map(({ data }) => largest(data))))
    })
  return [
    check("its density is the slope of its distribution function", ({ logProb, below, above, slope, upperSlope }, size) => {
      if (below < CENTRE) close("the logarithm of the slope of P(X ≤ x)", below + slope, logProb, ROUNDINGS * size * (1 + Math.abs(below)))
      if (above < CENTRE)
        close("the logarithm of the slope of P(X > x)", above + upperSlope, logProb, ROUNDINGS * size * (1 + Math.abs(above)))
    }),
    check("P(X ≤ x) + P(X > x) = 1", ({ below, above }, size) => close("the sum", Math.exp(below) + Math.exp(above), 1, ROUNDINGS * size)),
    check("its quantiles invert its distribution functions", ({ x, logProb, below, above, back, upperBack }, size) => {
      const room = (log: number): number => ROUNDINGS * size * (1 + (1 + Math.abs(log)) * Math.exp(log - logProb))
      if (below < CENTRE) close("the quantile", back, x, room(below))
      if (above < CENTRE) close("the upper quantile", upperBack, x, room(above))
    })
  ]
}
