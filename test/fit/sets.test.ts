import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import * as fc from "fast-check"
import { beforeAll, describe, expect, test } from "vitest"
import { amortised, realNVP } from "../../guides/index.ts"
import { Normal } from "../../src/distribution/index.ts"
import {
  type Amortised,
  deterministic,
  fitAmortised,
  forwardKL,
  model,
  observe,
  plate,
  refinedKL,
  reverseKL,
  sample
} from "../../src/index.ts"
import { countSite } from "../../src/inference/features.ts"
import { largestOf, ofSizes, sizeClasses } from "../../src/inference/sets.ts"
import { evaluate } from "../../src/trace/evaluate.ts"
import { run } from "../../src/model/run.ts"
import { leave, newAxis, under } from "../../src/trace/axes.ts"
import { normals } from "../support/numbers.ts"

/** Conjugate: given n observations the posterior of the mean is Normal(Σy/(n + 1), 1/√(n + 1)). */
const location = model(function* (y: ReadonlyArray<number> | number) {
  const mu = yield* sample("mu", Normal(0, 1))
  yield* plate(
    "row",
    { index: Array.from({ length: typeof y === "number" ? y : y.length }, (_, i) => i), y: typeof y === "number" ? undefined : y },
    function* (row) {
      yield* observe("y", Normal(mu, 1), row.y)
    }
  )
})

const guide = amortised(realNVP({ couplings: 1, hidden: [4] }), { element: [8], hidden: [16], context: 4 })
const set = { plate: "row", fewest: 2 } as const
const quick = { observed: ["y"], steps: 2, dataSets: 8 } as const

const failure = (program: Effect.Effect<unknown, unknown>): Promise<string> =>
  Effect.runPromise(Effect.flip(program)).then((error) => `${(error as { _tag: string })._tag}: ${(error as Error).message}`)

describe("size classes", () => {
  test("take each size once, by its whole part, and are no wider than a decade", () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 0, max: 5000 }), (fewest, more) => {
        const classes = sizeClasses(fewest, fewest + more)
        expect(classes[0]!.from).toBe(fewest)
        expect(largestOf(classes.at(-1)!)).toBe(fewest + more)
        classes.slice(1).forEach(({ from }, i) => expect(from).toBe(classes[i]!.to))
        for (const one of classes) {
          expect(largestOf(one)).toBeGreaterThanOrEqual(Math.floor(one.from))
          expect(one.to / one.from).toBeLessThan(10)
        }
      }),
      { seed: 1, numRuns: 200 }
    ))

  test("a model of sizes counts its first rows, and no others", () => {
    const y = Array.from(normals(4, 12))
    const logJoint = (size: number, count: number): number => {
      const sized = ofSizes(location(y), "row", { from: 1, to: size + 1 }, [])
      const values: Readonly<Record<string, number>> = { mu: 0.3, [countSite("row")]: count }
      const [out] = evaluate(() => run(sized, { answer: ({ name }) => tf.scalar(values[name]!), param: () => ({}) }).logJoint, [])
      return out!.data[0]!
    }
    const logNormal = (x: number, mean: number): number => -0.5 * (x - mean) ** 2 - 0.5 * Math.log(2 * Math.PI)
    for (const [size, count] of [
      [12, 12],
      [12, 5],
      [7, 7],
      [7, 1]
    ] as const)
      expect(logJoint(size, count)).toBeCloseTo(logNormal(0.3, 0) + y.slice(0, count).reduce((sum, v) => sum + logNormal(v, 0.3), 0), 5)
  })

  test("sizes are log-uniform", () => {
    const n = 4000
    const sized = ofSizes(location(500), "row", { from: 5, to: 501 }, [])
    const axis = newAxis("draw", n)
    const [out] = evaluate(
      () =>
        leave(
          under(axis, () => run(sized, { answer: () => undefined, param: () => ({}) }).sites.get(countSite("row"))!.value!),
          axis
        ),
      [],
      { hi: 1, lo: 2 }
    )
    const sizes = Array.from(out!.data)
    expect([Math.min(...sizes), Math.max(...sizes)]).toEqual([5, 500])
    for (const at of [6, 20, 50, 200, 500]) {
      const share = Math.log(at / 5) / Math.log(501 / 5)
      expect(Math.abs(sizes.filter((s) => s < at).length / n - share)).toBeLessThan(5 * Math.sqrt((share * (1 - share)) / n))
    }
  })
})

describe.each([
  ["forward KL", forwardKL(), 1500],
  ["ELBO", reverseKL(), 600]
] as const)("a fit of sets of any size by the %s", (_, objective, steps) => {
  let fitted: Amortised<unknown>
  const at = (y: ReadonlyArray<number>) => location(y)
  const momentsOf = async (y: ReadonlyArray<number>): Promise<readonly [mean: number, sd: number]> => {
    const { mu } = (await Effect.runPromise(fitted.draws(at(y), 4000))) as unknown as { mu: { data: Float64Array } }
    const mean = mu.data.reduce((sum, v) => sum + v, 0) / mu.data.length
    return [mean, Math.sqrt(mu.data.reduce((sum, v) => sum + (v - mean) ** 2, 0) / mu.data.length)]
  }

  beforeAll(async () => {
    fitted = (await Effect.runPromise(
      fitAmortised(location(20), guide, { observed: ["y"], set, objective, steps, learningRate: 0.01 })
    )) as Amortised<unknown>
  }, 60_000)

  test("gives the exact posterior of sets of 2, 5 and 20", async () => {
    for (const [seed, n] of [
      [1, 2],
      [2, 5],
      [3, 20]
    ] as const) {
      const y = Array.from(normals(seed, n)).map((v) => v + 0.5)
      const [mean, sd] = await momentsOf(y)
      const exact = 1 / Math.sqrt(n + 1)
      expect(Math.abs(mean - y.reduce((sum, v) => sum + v, 0) / (n + 1)) / exact).toBeLessThan(0.25)
      expect(Math.abs(Math.log(sd / exact))).toBeLessThan(0.15)
    }
  })

  test("in any order", async () => {
    const y = Array.from(normals(7, 9))
    const draws = async (values: ReadonlyArray<number>) =>
      Array.from(((await Effect.runPromise(fitted.draws(at(values), 50))) as unknown as { mu: { data: Float64Array } }).mu.data)
    const [one, other] = [await draws(y), await draws(y.toReversed())]
    one.forEach((v, i) => expect(other[i]).toBeCloseTo(v, 10))
  })

  test("its log densities are those of its posterior, one by one", async () => {
    const y = Array.from(normals(8, 4))
    const mu = [-0.4, 0, 0.7]
    const all = await Effect.runPromise(fitted.logDensities(at(y), { mu } as never))
    const posterior = await Effect.runPromise(fitted.posterior(at(y)))
    const each = await Promise.all(mu.map((v) => Effect.runPromise(posterior.logDensity({ mu: v } as never))))
    expect(Array.from(all)).toEqual(each)
    expect(Array.from(await Effect.runPromise(posterior.logDensities({ mu } as never)))).toEqual(each)
    // and its draws are those of its posterior
    expect(await Effect.runPromise(fitted.draws(at(y), 30, { seed: 2 }))).toEqual(await Effect.runPromise(posterior.draws(30, { seed: 2 })))
  })

  test("warns where a set is larger or smaller than any of its training", async () => {
    const warningsFor = async (n: number) => (await Effect.runPromise(fitted.posterior(at(Array.from(normals(n, n)))))).warnings
    expect((await warningsFor(1)).join()).toContain("a data set of 1 rows; it was trained on 2 to 20")
    expect((await warningsFor(21)).join()).toContain("a data set of 21 rows; it was trained on 2 to 20")
    expect((await warningsFor(20)).join()).not.toContain("rows;")
  })
})

describe("what cannot be a set", () => {
  const amortise = (m: ReturnType<typeof location>, how: { readonly plate: string; readonly fewest?: number }) =>
    failure(fitAmortised(m, guide, { ...quick, set: how }))

  test("a plate that there is not", async () =>
    expect(await amortise(location(6), { plate: "school" })).toMatch(/ArgumentError.*fitAmortised\.set\.plate.*"row".*"school"/s))

  test("more rows at least than there are", async () =>
    expect(await amortise(location(6), { plate: "row", fewest: 7 })).toMatch(/fitAmortised\.set\.fewest.*6 rows.*7/s))

  test("a plate of latents", async () => {
    const local = model(function* () {
      const mu = yield* sample("mu", Normal(0, 1))
      yield* plate("row", 4, function* () {
        const theta = yield* sample("theta", Normal(mu, 1))
        yield* observe("y", Normal(theta, 1))
      })
    })
    expect(await failure(fitAmortised(local(), guide, { ...quick, set }))).toMatch(/theta.*latent in the plate "row"/s)
  })

  test("a plate whose rows return something", async () => {
    const summed = model(function* () {
      const mu = yield* sample("mu", Normal(0, 1))
      const ys = yield* plate("row", 4, function* () {
        return yield* observe("y", Normal(mu, 1))
      })
      yield* deterministic("total", tf.sum(ys))
    })
    expect(await failure(fitAmortised(summed(), guide, { ...quick, set }))).toMatch(/SiteError.*row.*return something/s)
  })

  test("a plate of which nothing is observed", async () => {
    const outside = model(function* (y?: number) {
      const mu = yield* sample("mu", Normal(0, 1))
      yield* plate("row", 4, function* () {
        yield* observe("x", Normal(mu, 1), 0)
      })
      yield* observe("y", Normal(mu, 1), y)
    })
    expect(await failure(fitAmortised(outside(), guide, { ...quick, observed: ["y"], set }))).toMatch(/set\.plate/)
  })
})

test("inputs and a vector stand beside the set", async () => {
  const weighed = model(function* (data: {
    readonly y?: ReadonlyArray<number>
    readonly sigma: ReadonlyArray<number>
    readonly z?: number
  }) {
    const mu = yield* sample("mu", Normal(0, 1))
    yield* plate("row", { y: data.y, sigma: data.sigma }, function* (row) {
      yield* observe("y", Normal(mu, row.sigma), row.y)
    })
    yield* observe("z", Normal(mu, 0.5), data.z)
  })
  const sigma = [1, 2, 1, 2, 1, 2]
  const fitted = await Effect.runPromise(
    fitAmortised(weighed({ sigma }), amortised(realNVP({ couplings: 1, hidden: [4] }), { element: [16, 8], hidden: [16], context: 4 }), {
      observed: ["y", "z"],
      inputs: ["sigma"],
      set: { plate: "row", fewest: 3 },
      objective: reverseKL(),
      steps: 1500,
      learningRate: 0.01
    })
  )
  const y = [0.3, 1.4, -0.2, 0.8]
  const precisions = y.map((_, i) => 1 / sigma[i]! ** 2)
  const total = 1 + 4 + precisions.reduce((a, b) => a + b, 0)
  const mean = (4 * 0.6 + y.reduce((sum, v, i) => sum + v * precisions[i]!, 0)) / total
  const { summary } = await Effect.runPromise(fitted.posterior(weighed({ y, sigma: sigma.slice(0, 4), z: 0.6 })))
  expect(Math.abs(summary[0]!.mean - mean) * Math.sqrt(total)).toBeLessThan(0.25)
  expect(Math.abs(Math.log(summary[0]!.sd * Math.sqrt(total)))).toBeLessThan(0.15)
})

test("a share of the steps that is none is refused", () =>
  expect(() => refinedKL({ forward: 1.5 })).toThrow("refinedKL.forward: expected a share from 0 to 1"))
