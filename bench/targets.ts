/** The posteriors of the accuracy table: worked models on the data of the references. */
import * as Effect from "effect/Effect"
import { type Continuous, fit, type Guide, logJoint, type Model, type Point } from "pushforward"
import { eightSchools, eightSchoolsNoncentered, type Schools } from "../models/eightSchools.ts"
import { garch, type Returns } from "../models/garch.ts"
import { gaussianMixture } from "../models/gaussianMixture.ts"
import { hmm } from "../models/hmm.ts"
import { type Children, kidIq } from "../models/kidIq.ts"
import { bySite, data, fixture } from "./posteriordb.ts"

/** A reference draw by site. */
type Draw = Readonly<Record<string, number | ReadonlyArray<number>>>

/** How a worked model stands to its reference. */
interface Correspondence<A, R> {
  readonly reference: string
  /** Of the Gaussian baseline, where it is not that of the reference. */
  readonly baseline?: string
  readonly model: () => Model<A, R> & Continuous<R>
  /** The model's latents at a reference draw, where they are not the reference's own. */
  readonly latents?: (draw: Draw) => Draw
  /** What the model's log density lacks of that of the reference's columns, by a change of variables. */
  readonly logJacobian?: (draw: Draw) => number
}

const target = <A, R>({
  reference,
  baseline = reference,
  model,
  latents = (draw) => draw,
  logJacobian = () => 0
}: Correspondence<A, R>) => ({
  reference,
  baseline,
  fit: (guide: Guide, seed: number) => fit<A, R>(model(), guide, { seed }),
  /**
   * The log density at the fixture's draws less the fixture's: `constant` at the first, which no posterior sees, and the largest
   * departure from it at the others.
   */
  checkDensity: Effect.gen(function* () {
    const { columns, draws, logp } = fixture(reference)
    const gaps = yield* Effect.forEach(draws, (row, i) => {
      const draw = bySite(columns, row)
      return Effect.map(logJoint(model(), latents(draw) as Point<R>), (density) => density + logJacobian(draw) - logp[i]!)
    })
    return { constant: gaps[0]!, departure: Math.max(...gaps.map((gap) => Math.abs(gap - gaps[0]!))) }
  })
})

const schools = "eight_schools-eight_schools_noncentered"
const rubin = (): Schools => {
  const { y, sigma } = data<Required<Schools>>(schools)
  return { y, sigma }
}
const number = (value: Draw[string] | undefined): number => value as number
const numbers = (value: Draw[string] | undefined): ReadonlyArray<number> => value as ReadonlyArray<number>
interface Series {
  readonly y: ReadonlyArray<number>
}

export const targets = {
  eight_schools_centered: target({
    reference: schools,
    baseline: "eight_schools-eight_schools_centered",
    model: () => eightSchools(rubin())
  }),
  eight_schools_noncentered: target({
    reference: schools,
    model: () => eightSchoolsNoncentered(rubin()),
    latents: ({ mu, tau, theta }) => ({ mu: number(mu), tau: number(tau), z: numbers(theta).map((x) => (x - number(mu)) / number(tau)) }),
    logJacobian: ({ tau }) => -8 * Math.log(number(tau))
  }),
  "kidiq-kidscore_momiq": target({ reference: "kidiq-kidscore_momiq", model: () => kidIq(data<Children>("kidiq-kidscore_momiq")) }),
  low_dim_gauss_mix: target({
    reference: "low_dim_gauss_mix-low_dim_gauss_mix",
    model: () => gaussianMixture(data<Series>("low_dim_gauss_mix-low_dim_gauss_mix").y)
  }),
  garch11: target({ reference: "garch-garch11", model: () => garch(data<Returns>("garch-garch11")) }),
  hmm_example: target({ reference: "hmm_example-hmm_example", model: () => hmm(data<Series>("hmm_example-hmm_example").y) })
}
export type Target = (typeof targets)[keyof typeof targets]
