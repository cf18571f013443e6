/**
 * Whether a fit has the same bits in Node and in Chromium: `npm run browser`. The steps of Node's fit, taken again in Chromium from the same
 * start, must have: it fails otherwise. Beside them stands the fit that Chromium makes of the seed alone: it begins at its own start, which
 * JavaScript finds, and whose exponentials and logarithms differ from one version of V8 to another.
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

const sameBits = (a: Fitted, b: Fitted): boolean => hash(a.parameters) === hash(b.parameters) && hash(a.objectives) === hash(b.objectives)

const nameOf = ({ precision, fused }: WasmOptions): string => `${precision}, ${fused ? "fused" : "plain"}`

const row = (name: string, what: string, fit: Fitted): ReadonlyArray<string> => [
  name,
  what,
  hash(fit.parameters),
  hash(fit.objectives),
  String(fit.elbo),
  fit.ready.toFixed(0),
  fit.step.toFixed(2)
]

const columns = ["engine", "", "parameters", "objective", "last ELBO", "first step after ms", "ms a step"]

const program = Effect.scoped(
  Effect.gen(function* () {
    const chromium = yield* opened
    const fused = hasRelaxedSimd()
    yield* Console.log(`Eight schools by a neural spline flow, ${steps} steps.
Node ${process.versions.node}: fused multiply-add ${fused}. Chromium ${chromium.version}: ${chromium.fused}.`)
    // What one of the two lacks cannot be compared.
    const settings = (fused && chromium.fused ? [true, false] : [false]).flatMap((f) =>
      (["float32", "float64"] as const).map((precision): WasmOptions => ({ precision, fused: f }))
    )
    const results = yield* Effect.forEach(settings, (options) =>
      Effect.gen(function* () {
        const [node, recipe] = yield* fitted(options)
        return { name: nameOf(options), node, again: yield* chromium.replayed(recipe, options), own: yield* chromium.fitted(options) }
      })
    )
    yield* Console.log(
      grid(
        columns,
        results.flatMap(({ name, node, again, own }) => [
          row(name, "Node", node),
          row("", "Chromium, Node's start", again),
          row("", "Chromium, its own start", own)
        ])
      )
    )
    const namesOf = (which: typeof results): string => which.map(({ name }) => name).join("; ") || "none"
    const wrong = results.filter(({ node, again }) => !sameBits(node, again))
    yield* Console.log(`Other bits from the same start: ${namesOf(wrong)}.
Other bits from the same seed: ${namesOf(results.filter(({ node, own }) => !sameBits(node, own)))}.`)
    if (wrong.length > 0) process.exitCode = 1
  })
)

if (existsSync(executablePath)) await runMain(program)
else console.log(`Chromium is not installed (${executablePath}). Nothing was compared.`)
