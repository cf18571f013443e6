import { expect, test } from "vitest"
import { errorsOf } from "./compileErrors.ts"

const header = `
import * as Effect from "effect/Effect"
import * as tf from "@tensorflow/tfjs-core"
import { fit, fitDensity, fitDensityStream, model, sample, unnormalised } from "pushforward"
import type { Density, FitFailure, LatentsOf, NDArray } from "pushforward"
import { identity } from "pushforward/bijectors"
import { Normal, Poisson } from "pushforward/distributions"
import { fullRank } from "pushforward/guides"
import { fixed, learnableAffineCoupling, learnableStudentT, mlp, sequence } from "pushforward/learnables"
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false
const holds = <_ extends true>() => {}
const point = model(function* () { return yield* sample("x", Normal([0, 0], 1)) })
const pair = model(function* () {
  const context = yield* sample("c", Normal([0], 1))
  return { value: yield* sample("x", Normal([0, 0], 1)), context }
})
`
const snippets = {
  data: `
    fitDensity(fullRank(), [[1, 2], [3, 4]]); fitDensity(fullRank(), { shape: [1, 2], data: new Float64Array(2) })
    fitDensity(fullRank(), point()); fitDensity(fullRank(), pair())
    const readonly: ReadonlyArray<readonly [number, number]> = [[1, 2]]; fitDensity(fullRank(), readonly, { context: readonly })`,
  flows: `
    fitDensity(sequence([learnableAffineCoupling({ size: 2 }), fixed(identity([2]))]), [[1, 2]])
    fitDensity(fullRank(), [[1, 2]], { base: learnableStudentT({ size: 2 }), context: [[1]], embedding: mlp({ inputs: 1, outputs: 2 }) })
    fitDensity(fullRank(), [[1, 2]], { base: Normal([0, 0], 1) })`,
  result: `
    const fitted = fitDensity(fullRank(), point())
    holds<Equal<typeof fitted, Effect.Effect<Density, FitFailure>>>()
    Effect.map(fitted, (density) => {
      const posed = model(function* () { return yield* sample("y", density.distribution([1])) })
      holds<Equal<LatentsOf<typeof posed>, { readonly y: "real" }>>()
      holds<Equal<Effect.Success<ReturnType<typeof density.draws>>, NDArray>>()
    })`,
  unnormalised: `
    const m = unnormalised((x) => tf.sum(x), { size: 2 })
    holds<Equal<LatentsOf<typeof m>, { readonly x: "real" }>>()
    Effect.flatMap(fit(m, fullRank()), (posterior) => Effect.map(posterior.draws(3), ({ x }) => x.shape))`,

  nothing: `fitDensity(fullRank(), model(function* () { yield* sample("x", Normal(0, 1)) })())`,
  other: `fitDensity(fullRank(), model(function* () { return { point: yield* sample("x", Normal(0, 1)) } })())`,
  flat: `fitDensity(fullRank(), [1])`,
  integers: `fitDensity(fullRank(), [[1, 2]], { base: Poisson([1, 2]) })`,
  patience: `fitDensityStream(fullRank(), [[1, 2]], { patience: 3 })`
}
const errors = errorsOf(
  Object.fromEntries(Object.entries(snippets).map(([name, code]) => [name, header + code])) as Record<keyof typeof snippets, string>
)

test.each(["data", "flows", "result", "unnormalised"] as const)("types hold: %s", (name) => expect(errors[name]).toEqual([]))

test.each([
  ["nothing", "Type 'void' is not assignable to type 'DrawnPoint'"],
  ["other", "Type '{ point: tf.Tensor<tf.Rank>; }' is not assignable to type 'DrawnPoint'"],
  ["flat", "Type 'number' is not assignable to type 'readonly number[]'"],
  ["integers", `Type 'Distribution<"integer">' is not assignable to type 'DensityBase`],
  ["patience", "'patience' does not exist in type"]
] as const)("refused: %s", (name, message) => {
  expect(errors[name]).toHaveLength(1)
  expect(errors[name][0]).toContain(message)
})
