/** Laws of draws. The statistical ones take many, at a seed that is part of the case. */
import * as fc from "fast-check"
import { sameShape, showShape } from "../graph/shape.ts"
import { drawGradientLaw } from "./drawGradientLaw.ts"
import { atKnown } from "./family.ts"
import { claim, close, fewer, law } from "./law.ts"
import type { Law, LawOptions } from "./law.ts"
import { coordinateDraws, expectation, massOf } from "./mass.ts"
import { drawnCases } from "./members.ts"
import type { Members } from "./members.ts"
import { locationsOf } from "./quadrature.ts"
import { mean, STANDARD_ERRORS, standardError, weightOf } from "./statistics.ts"
import { whitened } from "./whitened.ts"
import type { Location } from "./quadrature.ts"

/** Bounded functions of the coordinates, so that their means exist whatever the tails. */
const bounded = (locations: ReadonlyArray<Location>): ReadonlyArray<(point: ArrayLike<number>) => number> => {
  const v = (point: ArrayLike<number>): number =>
    locations.reduce((sum, { centre, scale }, i) => sum + (weightOf(i) * (point[i]! - centre)) / scale, 0)
  return [(p) => Math.tanh(v(p)), (p) => Math.tanh(v(p)) ** 2, (p) => Math.cos(3 * v(p))]
}

const supportLaw = (members: Members, options: LawOptions): Law =>
  law(members.family.name, "its draws lie in its support", drawnCases(members), options, ({ value, parameters }) => {
    claim(
      sameShape(value.shape, members.eventShape),
      () => `a draw has shape ${showShape(value.shape)}, the event ${showShape(members.eventShape)}`
    )
    const integers = members.kind === "real" || value.data instanceof Int32Array
    claim(integers, () => "a draw of integers is a tensor of reals: cast it to int32")
    const violation = atKnown(members.family, parameters, ({ support, eventShape }) => support.violation(value.data, eventShape))
    claim(violation === undefined, () => violation!)
  })

/** In one or two dimensions, and of integers: means of draws are integrals under the density. */
const momentsLaw = (members: Members, draws: number, options: LawOptions): Law => {
  const [sample, mass] = [coordinateDraws(members, draws), massOf(members)]
  const cases = fc.record({ parameters: members.family.parameters, seed: fc.nat() })
  return law(members.family.name, "means of its draws are those of its density", cases, options, ({ parameters, seed }) => {
    const { rows } = sample(parameters, seed)
    const density = mass(parameters)
    for (const [i, f] of bounded(locationsOf(rows)).entries()) {
      const expected = expectation(density, f)
      const variance = expectation(density, (p) => (f(p) - expected) ** 2)
      close(`the mean of function ${i}`, mean(rows.map(f)), expected, STANDARD_ERRORS * Math.sqrt(variance / draws) + 4 * density.error)
    }
  })
}

/** Half the width of a bump, in standard deviations. */
const REACH = 1.5

/** In more: E[b(z)/p(z)] = 1 for z ~ p and any density b; here bumps of bounded support beside the centre. */
const bumpsLaw = (members: Members, draws: number, options: LawOptions): Law => {
  const sample = coordinateDraws(members, draws)
  const cases = fc.record({ parameters: members.family.parameters, seed: fc.nat() })
  return law(members.family.name, "its draws are as dense as its density says", cases, options, ({ parameters, seed }) => {
    const { rows, logDensity } = sample(parameters, seed)
    const { white, logScale } = whitened(rows)
    for (const shift of [0, 0.5, -0.5]) {
      const logBump = (point: ArrayLike<number>): number =>
        Array.from(point).reduce((sum, w, j) => {
          const t = w / REACH - shift * weightOf(j)
          return Math.abs(t) < 1 ? sum + Math.log((1 + Math.cos(Math.PI * t)) / (2 * REACH)) : -Infinity
        }, -logScale)
      const ratios = white.map((point, i) => Math.exp(logBump(point) - logDensity[i]!))
      close(`the mass of a bump shifted by ${shift}`, mean(ratios), 1, STANDARD_ERRORS * standardError(ratios))
    }
  })
}

export const drawLaws = (members: Members, draws: number, options: LawOptions): ReadonlyArray<Law> => {
  const few = fewer(options)
  const { kind, dimension, reparameterised, parameterNames } = members
  const covered = kind === "real" ? dimension > 0 && dimension <= 2 : dimension === 1
  return [
    supportLaw(members, options),
    ...(covered ? [momentsLaw(members, draws, few)] : kind === "real" && dimension > 2 ? [bumpsLaw(members, draws, few)] : []),
    ...(reparameterised && parameterNames.length > 0 && dimension > 0 ? [drawGradientLaw(members, draws, few)] : [])
  ]
}
