/**
 * How close fits come to reference posteriors: `npm run accuracy -- [names] [--guide NAME] [--seed N]`. Each model's density is first checked
 * against the reference's; then it is fitted with default settings. Prints a table, and writes `bench/results/accuracy.json` and the README's.
 */
import { parseArgs } from "node:util"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { ArgumentError } from "pushforward"
import { fullRank, meanField, neuralSplineFlow, realNVP } from "pushforward/guides"
import { runMain } from "../models/run.ts"
import { measureAmortised } from "./amortised.ts"
import { failures } from "./criteria.ts"
import { measure, type Result } from "./measure.ts"
import { available } from "./posteriordb.ts"
import { defaults, keepResults, tabulate } from "./results.ts"
import { type Target, targets } from "./targets.ts"

const guides = { meanField, fullRank, realNVP, neuralSplineFlow }

const amortisedName = "eight_schools_amortised"

/** An entry by name; a name that is not there is an error that says which are. */
const entry = <A>(what: string, all: Readonly<Record<string, A>>, name: string): Effect.Effect<A, ArgumentError> =>
  all[name] === undefined
    ? Effect.fail(new ArgumentError({ argument: what, expected: `one of ${Object.keys(all).join(", ")}`, received: `"${name}"` }))
    : Effect.succeed(all[name])

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { guide: { type: "string", default: defaults.guide }, seed: { type: "string", default: String(defaults.seed) } }
})

const program = Effect.gen(function* () {
  const guide = [values.guide, (yield* entry("guide", guides, values.guide))()] as const
  const seed = Number(values.seed)
  const measurements: Readonly<Record<string, Effect.Effect<Result, Error>>> = {
    ...Object.fromEntries(Object.entries<Target>(targets).map(([name, target]) => [name, measure(name, target, guide, seed)])),
    [amortisedName]: measureAmortised(amortisedName, seed)
  }
  const names = positionals.length === 0 ? Object.keys(measurements) : positionals
  const chosen = yield* Effect.forEach(names, (name) => Effect.map(entry("posterior", measurements, name), (run) => [name, run] as const))
  const results = yield* Effect.forEach(chosen, ([name, run]) =>
    Effect.gen(function* () {
      yield* Console.log(name)
      const result = yield* run
      yield* Effect.forEach(failures(result), (failure) => Console.log(`  ${failure}`))
      return result
    })
  )
  keepResults(results)
  const wrong = results.filter((result) => failures(result).length > 0)
  yield* Console.log(`\n${tabulate(results)}`)
  yield* Console.log(`${results.length - wrong.length} of ${results.length} pass. Kept in bench/results/accuracy.json`)
  if (wrong.length > 0) process.exitCode = 1
})

if (available()) await runMain(program)
else console.log("The reference posteriors are not here: they are looked for in ../shared/data/posteriordb. Nothing was measured.")
