import * as Effect from "effect/Effect"
import { logJoint } from "pushforward"
import { describe, expect, it } from "vitest"
import { barley, barleyYields, sites, varieties } from "../../models/barley.ts"
import { eightSchools, eightSchoolsNoncentered, schools } from "../../models/eightSchools.ts"
import { garch } from "../../models/garch.ts"
import { gaussianMixture } from "../../models/gaussianMixture.ts"
import { hmm } from "../../models/hmm.ts"
import { kidIq } from "../../models/kidIq.ts"

const density = (asked: ReturnType<typeof logJoint>) => Effect.runPromise(asked)

describe("the log densities of the worked models", () => {
  // A draw of posteriordb's reference for eight schools, with the log density that a numpy program of the centered model gives it.
  const theta = [
    3.75255887020728, 3.23800051574705, 3.52380107431786, 3.47779782112965, 4.06496559121444, 4.37744908783005, 6.049781401258,
    3.54167529955501
  ]
  const [mu, tau] = [3.74840090303063, 1.2605835217602]
  const expected = -45.99794989342085

  it("eight schools", async () => {
    expect(await density(logJoint(eightSchools(schools), { mu, tau, theta }))).toBeCloseTo(expected, 9)
  })

  it("eight schools, not centered: the same less the Jacobian of theta", async () => {
    const z = theta.map((x) => (x - mu) / tau)
    expect(await density(logJoint(eightSchoolsNoncentered(schools), { mu, tau, z }))).toBeCloseTo(expected + 8 * Math.log(tau), 9)
  })

  // The figures below are scipy 1.17's: sums of logpdf, and for the hidden Markov model a sum over all 32 paths.
  it("kid IQ", async () => {
    const children = { kid_score: [65, 98, 85], mom_iq: [121.12, 89.36, 115.44] }
    expect(await density(logJoint(kidIq(children), { beta: [25.9, 0.61], sigma: 18.3 }))).toBeCloseTo(-19.304716341202756, 9)
  })

  it("GARCH", async () => {
    const values = { mu: 5.05, alpha0: 1.4, alpha1: 0.55, beta1: 0.3 }
    expect(await density(logJoint(garch({ y: [4.9, 5.3, 3.1, 6.4], sigma1: 0.5 }), values))).toBeCloseTo(-5.498638233979019, 9)
  })

  it("a mixture of two normal distributions", async () => {
    const values = { mu: [-2.7, 2.9], sigma: [1.1, 0.9], theta: 0.62 }
    expect(await density(logJoint(gaussianMixture([-3.5, 3.1, 1.6, -2.6]), values))).toBeCloseTo(-13.802229658833351, 9)
  })

  it("a hidden Markov model", async () => {
    const values = { theta1: [0.65, 0.35], theta2: [0.08, 0.92], mu: [3.1, 8.9] }
    expect(await density(logJoint(hmm([3.8, 8.2, 9.4, 7.2, 2.9]), values))).toBeCloseTo(-12.864203624667159, 9)
  })

  // numpyro 0.22's log_density of the same model at the same values.
  it("barley", async () => {
    const values = {
      ...{ mean: 35, meanChange: -4, levelScale: 10, changeScale: 9, varietyScale: 3, noise: 5 },
      ...{ level: [37, 28, 25, 35, 33, 48], change: [-12, -5, -8, 11, -6, -12], advantage: [0, -2, 1, 1, -2, 0, -3, 4, -1, 4] }
    }
    expect(await density(logJoint(barleyYields(barley), values))).toBeCloseTo(-429.3427178240509, 9)
  })
})

describe("the barley data", () => {
  it("are complete: each variety at each site in either year", () => {
    expect(sites).toEqual(["Crookston", "Duluth", "Grand Rapids", "Morris", "University Farm", "Waseca"])
    expect(varieties).toHaveLength(10)
    const { plots } = barley
    const cells = new Set(plots.yield.map((_, i) => `${plots.site[i]} ${plots.variety[i]} ${plots.year[i]}`))
    expect(cells.size).toBe(120)
    expect(new Set(plots.year)).toEqual(new Set([-0.5, 0.5]))
  })
})
