import type * as fc from "fast-check"
import type { Distribution } from "../distribution/distribution.ts"
import { unconstrained } from "./arbitrary.ts"
import { cumulativeLaws } from "./cumulativeLaws.ts"
import { densityLaws, jointDrawLaw } from "./densityLaws.ts"
import { drawLaws } from "./drawLaws.ts"
import { familyOf } from "./family.ts"
import type { Family } from "./family.ts"
import type { Law, LawOptions } from "./law.ts"
import { membersOf } from "./members.ts"

export interface DistributionLawOptions extends LawOptions {
  /** How many draws a statistical law takes of one member. Default 2000. */
  readonly draws?: number
  /** The real numbers whose images in the support are tried. By default around 0, with some up to 8. */
  readonly numbers?: fc.Arbitrary<number>
  /** Whether the density has no integral: then there are no laws of draws. */
  readonly improper?: boolean
}

/**
 * The laws of a distribution, of a family at random parameters, in float64. The gradients of its log density are those of finite
 * differences, and every parameter has one, by the density and by draws. Outside the support the density is 0, inside it integrates to
 * one (in at most two dimensions; in more, against its draws). Draws lie in the support, and their means are those of the density. A
 * draw's log density is that of its value. Distribution functions have the density as their slope, and quantiles invert them.
 *
 * @example
 * ```ts
 * import { Normal } from "pushforward/distributions"
 * import { distributionLaws } from "pushforward/testing"
 *
 * for (const law of distributionLaws(Normal(0, 2))) law.run() // in a test runner: it(law.name, law.run)
 * ```
 */
export const distributionLaws = (
  subject: Distribution | Family<Distribution>,
  options: DistributionLawOptions = {}
): ReadonlyArray<Law> => {
  const { draws = 2000, numbers = unconstrained(), improper = false, ...rest } = options
  const members = membersOf(familyOf(subject))
  const density = densityLaws(members, numbers, improper, rest)
  if (improper) return density
  return [
    ...density,
    ...drawLaws(members, draws, rest),
    ...(members.drawsWithDensity ? [jointDrawLaw(members, rest)] : []),
    ...(members.hasCumulative && members.dimension === 1 && members.eventShape.length === 0 ? cumulativeLaws(members, numbers, rest) : [])
  ]
}
