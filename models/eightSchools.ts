/**
 * Eight schools: coaching for the SAT in eight randomised experiments (Rubin 1981, Estimation in Parallel Randomized Experiments, table 1;
 * Gelman et al. 2013, section 5.5). The posterior is a funnel: where tau is small, the effects are held tightly together.
 */
import * as tf from "@tensorflow/tfjs-core"
import { deterministic, model, observe, plate, sample } from "pushforward"
import { HalfCauchy, Normal } from "pushforward/distributions"

export interface Schools {
  /** The estimated effect of coaching, in points; drawn where absent. */
  readonly y?: ReadonlyArray<number>
  /** Its standard error. */
  readonly sigma: ReadonlyArray<number>
}

export const schools = { y: [28, 8, -3, 7, -1, 1, 18, 12], sigma: [15, 10, 16, 11, 9, 11, 10, 18] }

/** The effects drawn about their mean: what a modeller writes first, and the harder of the two to fit. */
export const eightSchools = model(function* (schools: Schools) {
  const mu = yield* sample("mu", Normal(0, 5))
  const tau = yield* sample("tau", HalfCauchy(5))
  yield* plate("school", schools, function* (school) {
    const theta = yield* sample("theta", Normal(mu, tau))
    yield* observe("y", Normal(theta, school.sigma), school.y)
  })
})

/** The same posterior by standardised effects, which a priori do not depend on tau. */
export const eightSchoolsNoncentered = model(function* (schools: Schools) {
  const mu = yield* sample("mu", Normal(0, 5))
  const tau = yield* sample("tau", HalfCauchy(5))
  yield* plate("school", schools, function* (school) {
    const z = yield* sample("z", Normal(0, 1))
    const theta = yield* deterministic("theta", tf.add(mu, tf.mul(tau, z)))
    yield* observe("y", Normal(theta, school.sigma), school.y)
  })
})
