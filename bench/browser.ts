/**
 * Whether a fit has the same bits in Node and in Chromium, from the seed alone: `npm run browser`. The start, the steps, the posterior's summary
 * and its diagnostics must have; it fails otherwise.
 */
import { createHash } from "node:crypto"
import { existsSync } from "node:fs"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import type { WasmOptions } from "pushforward"
import { runMain } from "../models/run.ts"
import { hasRelaxedSimd } from "../src/engine/wasm/assembler/features.ts"
import { grid } from "../src/report/grid.ts"
import { executablePath, opened } from "./browser/chromium.ts"
import { type Fitted, fitted, steps } from "./browser/fit.ts"

const hash = (words: ReadonlyArray<number>): string => createHash("sha256").update(Uint32Array.from(words)).digest("hex").slice(0, 12)

const hashes = (fit: Fitted): ReadonlyArray<string> => [fit.steps, fit.parameters, fit.posterior].map(hash)

const nameOf = ({ precision, fused, threads }: WasmOptions): string =>
  `${precision}, ${fused ? "fused" : "plain"}${threads === 1 ? "" : `, ${threads} threads`}`

const row = (name: string, where: string, fit: Fitted): ReadonlyArray<string> => [
  name,
  where,
  ...hashes(fit),
  String(fit.elbo),
  fit.ready.toFixed(0),
  fit.step.toFixed(2)
]

const columns = ["engine", "", "steps", "parameters", "posterior", "last ELBO", "first step after ms", "ms a step"]

const program = Effect.scoped(
  Effect.gen(function* () {
    const chromium = yield* opened
    const fused = hasRelaxedSimd()
    yield* Console.log(`Eight schools by a neural spline flow, ${steps} steps.
Node ${process.versions.node}: fused multiply-add ${fused}. Chromium ${chromium.version}: ${chromium.fused}.`)
    // What one of the two lacks cannot be compared.
    const settings = (fused && chromium.fused ? [true, false] : [false]).flatMap((f) =>
      (["float32", "float64"] as const).flatMap((precision) => [1, 2].map((threads): WasmOptions => ({ precision, fused: f, threads })))
    )
    const results = yield* Effect.forEach(settings, (options) =>
      Effect.map(Effect.all([fitted(options), chromium.fitted(options)]), ([node, browser]) => ({ name: nameOf(options), node, browser }))
    )
    yield* Console.log(
      grid(
        columns,
        results.flatMap(({ name, node, browser }) => [row(name, "Node", node), row("", "Chromium", browser)])
      )
    )
    const wrong = results.filter(({ node, browser }) => hashes(node).join() !== hashes(browser).join())
    yield* Console.log(`Other bits from the same seed: ${wrong.map(({ name }) => name).join("; ") || "none"}.`)
    if (wrong.length > 0) process.exitCode = 1
  })
)

if (existsSync(executablePath)) await runMain(program)
else console.log(`Chromium is not installed (${executablePath}). Nothing was compared.`)
