/**
 * How close fits come to reference posteriors: `npm run accuracy -- [names] [--guide NAME] [--seed N]`. Each model's density is first checked
 * against the reference's; then it is fitted with default settings. Prints a table and writes `bench/results/accuracy.json`.
 */
import { parseArgs } from "node:util"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { fullRank, meanField, neuralSplineFlow, realNVP } from "pushforward/guides"
import { terminalProgress } from "pushforward/node"
import { failures, fitted } from "./criteria.ts"
import { measure, type Result } from "./measure.ts"
import { available } from "./posteriordb.ts"
import { keep, tabulate } from "./results.ts"
import { type Target, targets } from "./targets.ts"

const guides = { meanField, fullRank, realNVP, neuralSplineFlow }

const known = <A>(what: string, all: Readonly<Record<string, A>>, name: string): A => {
  const found = all[name]
  if (found === undefined) throw new Error(`there is no ${what} "${name}": it is one of ${Object.keys(all).join(", ")}`)
  return found
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { guide: { type: "string", default: "neuralSplineFlow" }, seed: { type: "string", default: "1" } }
})

const program = Effect.gen(function* () {
  const guide = [values.guide, known("guide", guides, values.guide)()] as const
  const names = positionals.length === 0 ? Object.keys(targets) : positionals
  const chosen = names.map((name): readonly [string, Target] => [name, known<Target>("posterior", targets, name)])
  const results: Array<Result> = []
  for (const [name, target] of chosen) {
    yield* Console.log(name)
    const result = yield* measure(name, target, guide, Number(values.seed))
    results.push(result)
    for (const failure of failures(result, fitted)) yield* Console.log(`  ${failure}`)
  }
  keep(results)
  const wrong = results.filter((result) => failures(result, fitted).length > 0)
  yield* Console.log(`\n${tabulate(results, (result) => failures(result, fitted))}`)
  yield* Console.log(`${results.length - wrong.length} of ${results.length} pass. Kept in bench/results/accuracy.json`)
  if (wrong.length > 0) process.exitCode = 1
})

if (available()) await Effect.runPromise(program.pipe(Effect.provide(terminalProgress())))
else console.log("The reference posteriors are not here: they are looked for in ../shared/data/posteriordb. Nothing was measured.")
