/** The posteriors of the accuracy table: a worked model on the data of a reference. */
import { eightSchools, eightSchoolsNoncentered, type Schools } from "../models/eightSchools.ts"
import { garch, type Returns } from "../models/garch.ts"
import { gaussianMixture } from "../models/gaussianMixture.ts"
import { hmm } from "../models/hmm.ts"
import { type Children, kidIq } from "../models/kidIq.ts"
import { data } from "./posteriordb.ts"

type Values = Readonly<Record<string, number | ReadonlyArray<number>>>

/** What holds for every target: which reference it is held against, and how the model's latents stand to the reference's columns. */
interface Held {
  readonly reference: string
  readonly baseline: string
  /** The model's latents at a reference draw. */
  readonly latents: (columns: Values) => Values
  /** What is to be added to the model's log density at a draw to make it that of the reference's columns. */
  readonly logJacobian: (columns: Values) => number
}

const alike = (reference: string): Held => ({ reference, baseline: reference, latents: (columns) => columns, logJacobian: () => 0 })

const schools = "eight_schools-eight_schools_noncentered"
const number = (value: Values[string] | undefined): number => value as number
const numbers = (value: Values[string] | undefined): ReadonlyArray<number> => value as ReadonlyArray<number>

export const targets = {
  eight_schools_centered: {
    ...alike(schools),
    baseline: "eight_schools-eight_schools_centered",
    model: () => eightSchools(data<Schools>(schools))
  },
  eight_schools_noncentered: {
    ...alike(schools),
    latents: ({ mu, tau, theta }: Values) => ({ mu: number(mu), tau: number(tau), z: numbers(theta).map((x) => (x - number(mu)) / number(tau)) }),
    // theta = mu + tau z, eight times
    logJacobian: ({ tau }: Values) => -8 * Math.log(number(tau)),
    model: () => eightSchoolsNoncentered(data<Schools>(schools))
  },
  "kidiq-kidscore_momiq": { ...alike("kidiq-kidscore_momiq"), model: () => kidIq(data<Children>("kidiq-kidscore_momiq")) },
  low_dim_gauss_mix: {
    ...alike("low_dim_gauss_mix-low_dim_gauss_mix"),
    model: () => gaussianMixture(data<{ readonly y: ReadonlyArray<number> }>("low_dim_gauss_mix-low_dim_gauss_mix").y)
  },
  garch11: { ...alike("garch-garch11"), model: () => garch(data<Returns>("garch-garch11")) },
  hmm_example: { ...alike("hmm_example-hmm_example"), model: () => hmm(data<{ readonly y: ReadonlyArray<number> }>("hmm_example-hmm_example").y) }
}
