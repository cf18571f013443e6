import * as Effect from "effect/Effect"
import { prior, substitute } from "pushforward"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  conditionalDoubleMoon,
  DoubleMoon,
  doubleMoonPoints,
  logDensities,
  logLikelihood,
  ring,
  ringByMode,
  ringByRadius,
  ringCentres
} from "../../models/gallery/targets/index.ts"
import { logBesselI0 } from "../../models/gallery/targets/bessel.ts"
import { moonLogDensity, moonsLogDensity } from "../../models/gallery/targets/moons.ts"
import { gaussLegendre, lineMoments, planeMoments } from "../../models/gallery/targets/quadrature.ts"
import { distributionLaws, family } from "../../src/testing/index.ts"
import { byTensor, drawn, entropyError, largestError, planeTest, pValue, rowsOf } from "./targetsSupport.ts"

const draws = 20_000
const noises = fc.double({ min: 0.05, max: 0.3, noNaN: true })
const dilations = fc.double({ min: 0.5, max: 1.5, noNaN: true })

describe.each([ringByMode, ringByRadius, conditionalDoubleMoon])("$name", (target) => {
  it("draws what its density says, on the mean over contexts", async () => {
    const { x, context } = await drawn(target, draws, 4)
    expect(entropyError(target, x, context)).toBeLessThan(5)
  })

  it("has the same density as a tensor", async () => {
    const { x, context } = await drawn(target, 300, 2)
    expect(largestError(byTensor(target.logProb, x, context!), logDensities(target, x, context))).toBeLessThan(1e-7)
  })
})

describe("ring given the mode", () => {
  it("draws each mode's points about its centre, in the rings of a normal distribution", async () => {
    const { x, context } = await drawn(ringByMode, draws, 5)
    const modes = rowsOf(context!).map((row) => row.indexOf(1))
    const counts = ringCentres.map((_, k) => modes.filter((mode) => mode === k).length)
    expect(
      pValue(
        counts,
        ringCentres.map(() => draws / 8)
      )
    ).toBeGreaterThan(1e-3)
    // exp(−|x − centre|²/2σ²) is uniform
    const shares = rowsOf(x).map(([a, b], i) => {
      const [c, d] = ringCentres[modes[i]!]!
      return Math.exp(-((a! - c) ** 2 + (b! - d) ** 2) / (2 * 0.25 ** 2))
    })
    const tenths = Array.from({ length: 10 }, (_, k) => shares.filter((u) => Math.floor(10 * u) === k).length)
    expect(
      pValue(
        tenths,
        tenths.map(() => draws / 10)
      )
    ).toBeGreaterThan(1e-3)
    expect(ringByMode.entropy).toBeCloseTo(0.065, 3)
  })
})

describe("ring given the radius", () => {
  const along = (r: number) => {
    const count = 512
    const side = (2 * Math.PI * r) / count
    let [mass, entropy] = [0, 0]
    for (let i = 0; i < count; i++) {
      const t = (2 * Math.PI * i) / count
      const logP = ringByRadius.logDensity([r * Math.cos(t), r * Math.sin(t)], [r])
      mass += side * Math.exp(logP)
      entropy -= side * Math.exp(logP) * logP
    }
    return { mass, entropy }
  }
  /** The log density of the radius, Rice's. */
  const rice = (r: number): number => Math.log(r / 0.0625) - (r - 3) ** 2 / 0.125 + logBesselI0(48 * r)

  it("has a density along each circle that integrates to one", () => {
    for (const r of [0.7, 2, 3, 4.1]) expect(along(r).mass).toBeCloseTo(1, 12)
  })

  it("is the density of the ring over that of the radius", () => {
    for (const x of [
      [3, 0.1],
      [-1, 2],
      [0.2, -3.4]
    ]) {
      const r = Math.hypot(...x)
      expect(ringByRadius.logDensity(x, [r]) + rice(r)).toBeCloseTo(ring.logDensity(x), 11)
    }
  })

  it("has the ring's entropy without the radius's", () => {
    const radius = lineMoments(rice, [0.3, 6], 0.05)
    expect(radius.mass).toBeCloseTo(1, 12)
    expect(ringByRadius.entropy + radius.entropy).toBeCloseTo(ring.entropy, 9)
    let mean = 0
    for (let r = 0.5; r < 5.7; r += 0.05) mean += 0.05 * Math.exp(rice(r)) * along(r).entropy
    expect(Math.abs(mean - ringByRadius.entropy)).toBeLessThan(1e-9)
  })

  it("is conditioned on the radius of the point itself", async () => {
    const { x, context } = await drawn(ringByRadius, 100, 6)
    rowsOf(x).forEach(([a, b], i) => expect(context!.data[i]).toBeCloseTo(Math.hypot(a!, b!), 12))
  })
})

describe("conditional double moon", () => {
  // mpmath 1.3 with 160 digits: the integral over the angle in 20 pieces.
  it.each([
    { x: [0.3, 0.6], noise: 0.07, dilation: 1.2, upper: -0.0974272749170445703, lower: -79.9381544972707984, both: -0.79057445547698988 },
    { x: [-1.6, 0.1], noise: 0.05, dilation: 0.5, upper: -10.0040670490029427, lower: -244.991740607655674, both: -10.697214229562888 },
    { x: [0.5, -0.9], noise: 0.3, dilation: 1.5, upper: -5.45203878403857976, lower: -1.26329373098455477, both: -1.94138945064736678 },
    { x: [-0.5, 1.8], noise: 0.1, dilation: 1, upper: -55.2443919717125764, lower: -123.549941460480095, both: -55.9375391522725218 }
  ])("has the density that mpmath gives at $x", ({ x, noise, dilation, upper, lower, both }) => {
    const { logDensity } = conditionalDoubleMoon
    expect(logDensity(x, [0, noise, dilation])).toBeCloseTo(upper, 11)
    expect(logDensity(x, [1, noise, dilation])).toBeCloseTo(lower, 11)
    expect(logLikelihood([x, x], noise, dilation)).toBeCloseTo(2 * both, 11)
  })

  it("has a density that integrates to one in any condition", () => {
    fc.assert(
      fc.property(noises, dilations, (noise, dilation) => {
        const logDensity = moonLogDensity(noise, dilation)
        const reach = 8 * noise
        const { mass } = planeMoments((x) => logDensity(x, 0), [-1.5 - reach, 0.5 + reach], [-0.25 - reach, dilation + reach], 0.5 * noise)
        expect(mass).toBeCloseTo(1, 10)
      }),
      { seed: 1, numRuns: 10 }
    )
  })

  it("has the entropy that is stated: a mean over noise and dilation", () => {
    const [across, up] = [gaussLegendre(9, 0.05, 0.3), gaussLegendre(5, 0.5, 1.5)]
    let mean = 0
    across.nodes.forEach((noise, i) =>
      up.nodes.forEach((dilation, j) => {
        const logDensity = moonLogDensity(noise, dilation)
        const reach = 7 * noise
        const range = [
          [-1.5 - reach, 0.5 + reach],
          [-0.25 - reach, dilation + reach]
        ] as const
        mean += (across.weights[i]! / 0.25) * up.weights[j]! * planeMoments((x) => logDensity(x, 0), ...range, 0.5 * noise).entropy
      })
    )
    expect(Math.abs(mean - conditionalDoubleMoon.entropy)).toBeLessThan(1e-6)
  })

  it("draws contexts from the prior", async () => {
    const contexts = rowsOf((await drawn(conditionalDoubleMoon, draws, 7)).context!)
    const tenths = (values: ReadonlyArray<number>, [from, to]: readonly [number, number]) =>
      Array.from({ length: 10 }, (_, k) => values.filter((v) => Math.floor((10 * (v - from)) / (to - from)) === k).length)
    const even = Array.from({ length: 10 }, () => draws / 10)
    expect(
      pValue(
        tenths(
          contexts.map(([, noise]) => noise!),
          [0.05, 0.3]
        ),
        even
      )
    ).toBeGreaterThan(1e-3)
    expect(
      pValue(
        tenths(
          contexts.map(([, , dilation]) => dilation!),
          [0.5, 1.5]
        ),
        even
      )
    ).toBeGreaterThan(1e-3)
    const lower = contexts.filter(([moon]) => moon === 1).length
    expect(pValue([lower, draws - lower], [draws / 2, draws / 2])).toBeGreaterThan(1e-3)
  })
})

describe("DoubleMoon", () => {
  const subject = family({
    name: "DoubleMoon",
    parameters: fc.record({
      noise: noises.map((x) => ({ shape: [], data: Float64Array.of(x) })),
      dilation: dilations.map((x) => ({ shape: [], data: Float64Array.of(x) }))
    }),
    make: ({ noise, dilation }) => DoubleMoon(noise, dilation)
  })
  // the laws' own quadrature is too coarse for so narrow a density; it is integrated above, and beside its draws below
  const laws = distributionLaws(subject, { numRuns: 5 }).filter(({ name }) => !/integrates to one|means of its draws/.test(name))
  for (const law of laws) it(law.name, law.run)

  it("draws the points of a plate as its density says", async () => {
    const [noise, dilation] = [0.12, 1.3]
    const { x } = await Effect.runPromise(prior(substitute(doubleMoonPoints({ size: draws }), { noise, dilation }), { draws: 1, seed: 8 }))
    const points = rowsOf({ shape: [draws, 2], data: x.data })
    expect(planeTest(moonsLogDensity(noise, dilation), points, { half: 2.1, cells: 21, within: 8 })).toBeGreaterThan(1e-3)
  })

  it("errs by less than 1e-7 for the points that its parameters draw", () => {
    fc.assert(
      fc.property(fc.constantFrom(0.05, 0.06, 0.1, 0.3), fc.constantFrom(0.5, 1, 1.5), (noise, dilation) => {
        const count = 200
        const data = Float64Array.from({ length: 2 * count }, (_, k) => {
          const i = Math.floor(k / 2)
          const t = Math.PI * ((i * 0.618034) % 1)
          const reach = 5 * noise * Math.sqrt((i * 0.7548777) % 1)
          return k % 2 === 0 ? Math.cos(t) - 0.5 + reach * Math.cos(2.399 * i) : dilation * Math.sin(t) - 0.25 + reach * Math.sin(2.399 * i)
        })
        const x = { shape: [count, 2], data }
        const exact = rowsOf(x).map(moonsLogDensity(noise, dilation))
        expect(
          largestError(
            byTensor((point) => DoubleMoon(noise, dilation).logProb(point), x),
            exact
          )
        ).toBeLessThan(1e-7)
      }),
      { seed: 2, numRuns: 12 }
    )
  })
})
