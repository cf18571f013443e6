import { expect, test } from "vitest"
import { errorsOf } from "./compileErrors.ts"

const header = `
import * as Effect from "effect/Effect"
import type * as tf from "@tensorflow/tfjs-core"
import { block, condition, deterministic, factor, intervene, layerPrior, logJoint, markov, model, observe, param, plate, predictive, prior, replay, sample, scope, simulate, substitute, trace } from "MODEL"
import type { AnySite, Continuous, Covers, Deterministic, Factor, Latents, LatentsOf, Model, NDArray, Observe, Param, Sample, Site, Trainables } from "MODEL"
import type { Learnable } from "LEARNABLE"
import { Categorical, HalfCauchy, Normal, Poisson } from "DISTRIBUTIONS"
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false
const holds = <_ extends true>() => {}
type RequirementOf<M> = M extends Model<infer _, infer R> ? R : never

interface Schools { readonly y?: ReadonlyArray<number>; readonly sigma: ReadonlyArray<number> }
const schools = model(function* (data: Schools) {
  const mu = yield* sample("mu", Normal(0, 5))
  const tau = yield* sample("tau", HalfCauchy(5))
  return yield* plate("school", data, function* (school) {
    const theta = yield* sample("theta", Normal(mu, tau))
    yield* observe("y", Normal(theta, school.sigma), school.y)
    return theta
  })
})
const m = schools({ sigma: [1, 2] })
const discrete = model(function* () {
  const k = yield* sample("k", Categorical([0, 0]))
  return yield* sample("x", Normal(k, 1))
})
declare const fit: <R>(model: Model<unknown, R> & Continuous<R>) => void
declare const fitBy: <RM, RG>(model: Model<unknown, RM>, guide: Model<unknown, RG> & Covers<RM, RG>) => void
`
const snippets = {
  inference: `
    holds<Equal<LatentsOf<typeof schools>, { readonly mu: "real"; readonly tau: "real"; readonly theta: "real" }>>()
    holds<Equal<LatentsOf<typeof discrete>, { readonly k: "integer"; readonly x: "real" }>>()
    holds<Equal<RequirementOf<typeof m>, Sample<"mu", "real"> | Sample<"tau", "real"> | Sample<"theta", "real"> | Observe<"y", "real">>>()
    holds<Equal<typeof m extends Model<infer A, infer _> ? A : never, tf.Tensor>>()`,
  nested: `
    const both = model(function* () {
      const a = yield* scope(schools({ sigma: [1] }), "a")
      const b = yield* condition(scope(discrete(), "b"), { "b.k": 1 })
      yield* factor("tilt", 1)
      yield* deterministic("total", 2)
      for (const i of [1, 2]) yield* sample(\`eta_\${i}\`, Normal(0, 1))
      return { a, b }
    })
    holds<Equal<LatentsOf<typeof both>, { readonly "a.mu": "real"; readonly "a.tau": "real"; readonly "a.theta": "real"; readonly "b.x": "real"; readonly [x: \`eta_\${number}\`]: "real" }>>()`,
  handlers: `
    type L<M> = M extends Model<infer _, infer R> ? Latents<R> : never
    const c = condition(m, { mu: 1 }); holds<Equal<L<typeof c>, { readonly tau: "real"; readonly theta: "real" }>>()
    const i = intervene(m, { mu: 1, y: [1, 2] }); holds<Equal<RequirementOf<typeof i>, Deterministic<"mu"> | Deterministic<"y"> | Sample<"tau", "real"> | Sample<"theta", "real">>>()
    const b = block(m, "theta", "y"); holds<Equal<L<typeof b>, { readonly mu: "real"; readonly tau: "real" }>>()
    const s = substitute(m, { mu: 1 }); holds<Equal<typeof s, typeof m>>()
    const r = replay(m, { whatever: 1 }); holds<Equal<typeof r, typeof m>>()
    const one = scope(sample("x", Normal(0, 1)), "a"); holds<Equal<RequirementOf<typeof one>, Sample<"a.x", "real">>>()`,
  chains: `
    const walk = model(function* (y: ReadonlyArray<number>) {
      return yield* markov("t", { level: 0, seen: [0, 0] }, y, function* (carry, x) {
        holds<Equal<typeof carry, { readonly level: tf.Tensor; readonly seen: tf.Tensor }>>(); holds<Equal<typeof x, tf.Tensor>>()
        return { level: yield* sample("level", Normal(carry.level, 1)), seen: carry.seen }
      })
    })
    holds<Equal<LatentsOf<typeof walk>, { readonly level: "real" }>>()`,
  rows: `
    model(function* () {
      yield* plate("a", 3, function* (i) { holds<Equal<typeof i, tf.Tensor>>() })
      yield* plate("b", [1, 2], function* (x) { holds<Equal<typeof x, tf.Tensor>>() })
      yield* plate("c", [{ x: 1, z: [1] }], function* (r) { holds<Equal<typeof r, { readonly x: tf.Tensor; readonly z: tf.Tensor }>>() })
      yield* plate("d", {} as Schools, function* (r) { holds<Equal<typeof r, { readonly y?: tf.Tensor | undefined; readonly sigma: tf.Tensor }>>() })
      const none = yield* plate("e", 3, function* () {}); holds<Equal<typeof none, void>>()
      const some = yield* plate("f", 3, function* (i) { return { i, list: [i] as const } }); holds<Equal<typeof some, { readonly i: tf.Tensor; readonly list: readonly [tf.Tensor] }>>()
    })`,
  results: `
    const program = Effect.gen(function* () {
      const draws = yield* prior(m)
      holds<Equal<keyof typeof draws, "mu" | "tau" | "theta" | "y">>(); holds<Equal<typeof draws.mu, NDArray>>()
      const next = yield* predictive(m, draws); holds<Equal<typeof next, typeof draws>>()
      const traced = yield* trace(m); holds<Equal<keyof typeof traced.latents, "mu" | "tau" | "theta">>(); holds<Equal<typeof traced.result, NDArray>>()
      holds<Equal<typeof m extends Model<infer _, infer R> ? Trainables<R> : never, {}>>()
      return yield* logJoint(m, traced.latents)
    })`,
  effects: `
    class Oops { readonly _tag = "Oops" }
    declare const other: Effect.Effect<number, Oops>
    const beside = Effect.gen(function* () { const n = yield* other; const x = yield* sample("x", Normal(0, 1)); yield* m; return x })
    const answered: Effect.Effect<tf.Tensor, Oops | import("MODEL").SiteError> = Effect.provide(beside, layerPrior())
    const simulated = simulate(beside)
    holds<Equal<keyof Effect.Success<typeof simulated>["sites"], "x" | "mu" | "tau" | "theta" | "y">>()
    holds<Equal<Effect.Services<typeof simulated>, never>>()`,
  params: `
    declare const network: Learnable<(x: tf.Tensor) => tf.Tensor>
    const decoder = model(function* () { const f = yield* param("f", network); holds<Equal<typeof f, (x: tf.Tensor) => tf.Tensor>>() })
    const d = decoder(); holds<Equal<RequirementOf<typeof d>, Param<"f">>>()
    holds<Equal<keyof Trainables<RequirementOf<typeof d>>, "f">>()`,
  fits: `fit(m); fitBy(m, model(function* () { yield* sample("mu", Normal(0, 1)); yield* sample("tau", HalfCauchy(1)); yield* plate("school", 2, function* () { yield* sample("theta", Normal(0, 1)) }) })())`,

  misspelt: `condition(m, { mv: 1 })`,
  misspeltBesideGood: `condition(m, { mu: 1, mv: 1 })`,
  misspeltPoint: `logJoint(m, { mu: 1, tau: 2, tehta: [3, 4] })`,
  missingPoint: `logJoint(m, { mu: 1, tau: 2 })`,
  blocked: `block(m, "mv")`,
  wrongType: `condition(m, { mu: "1" })`,
  missed: `fitBy(m, model(function* () { yield* sample("mu", Normal(0, 1)) })())`,
  integers: `fit(discrete())`,
  unanswered: `Effect.runPromise(m)`,
  sleeping: `model(function* () { yield* Effect.sleep(1) })`,
  sleepingInPlate: `model(function* () { yield* plate("p", 3, function* () { yield* Effect.sleep(1) }) })`,
  noDistribution: `model(function* () { yield* sample("x", 3) })`,
  column: `model(function* () { yield* plate("p", { x: [1], name: "s" }, function* (row) { yield* observe("x", Normal(row.x, 1), row.name) }) })`,
  returned: `model(function* () { yield* plate("p", 3, function* () { return "s" }) })`,
  carry: `model(function* () { yield* markov("t", { a: 0 }, 5, function* (carry) { return { b: carry.a } }) })`,
  result: `Effect.map(prior(m), (draws) => draws.mv)`
}

const source = (code: string) =>
  (header + code)
    .replaceAll('"MODEL"', '"pushforward"')
    .replaceAll('"DISTRIBUTIONS"', '"../../../src/distribution/index.ts"')
    .replaceAll('"LEARNABLE"', '"../../../src/learnable/learnable.ts"')
const errors = errorsOf(
  Object.fromEntries(Object.entries(snippets).map(([name, code]) => [name, source(code)])) as Record<keyof typeof snippets, string>
)

test.each(["inference", "nested", "handlers", "chains", "rows", "results", "effects", "params", "fits"] as const)(
  "types hold: %s",
  (name) => expect(errors[name]).toEqual([])
)

const says = (name: keyof typeof snippets, ...parts: ReadonlyArray<string>) => {
  expect(errors[name]).toHaveLength(1)
  for (const part of parts) expect(errors[name][0]).toContain(part)
}

test("a misspelt site is named, with those that there are", () => {
  says("misspelt", "'mv' does not exist in type '{ readonly mu: Numeric; readonly tau: Numeric; readonly theta: Numeric; }'")
  says("misspeltBesideGood", "'mv' does not exist in type '{ readonly mu: Numeric;")
  says("misspeltPoint", "'tehta' does not exist", "Did you mean to write 'theta'?")
  says("blocked", `Argument of type '"mv"' is not assignable to parameter of type '"`, `"theta"`)
  says("result", "Property 'mv' does not exist on type 'SiteValues<")
})
test("a missing value is named", () => says("missingPoint", "Property 'theta' is missing in type '{ mu: number; tau: number; }'"))
test("a value of the wrong type", () => says("wrongType", "Type 'string' is not assignable to type 'Numeric'"))
test("what a guide misses", () => says("missed", `"the guide does not sample": "tau" | "theta"`))
test("discrete latents in a fit", () => says("integers", `"discrete latents can't be fitted"`, `k: "integer"`))
test("a site not answered", () => says("unanswered", `Sample<"mu", "real">`, `is not assignable to type 'never'`))
test("an Effect in a synchronous model", () => {
  says("sleeping", "Property 'request' is missing in type 'Effect<void, never, never>' but required in type 'Site<")
  says("sleepingInPlate", "Property 'request' is missing in type 'Effect<void, never, never>' but required in type 'Site<")
})
test("what is no distribution", () =>
  says("noDistribution", "Argument of type 'number' is not assignable to parameter of type 'Distribution<Kind>'"))
test("what is no column", () => says("column", `readonly "this is no column": "s"`))
test("what can't be stacked", () => says("returned", "Type 'string' is not assignable to type 'void | TensorTree'"))
test("another carry", () => says("carry", "Property 'a' is missing in type '{ b: tf.Tensor<tf.Rank>; }'"))
