/**
 * Runs the gallery: `npm run gallery [-- entries] [--peers]`. Keeps the figures in `bench/results/gallery.json`, draws the pictures into
 * `docs/gallery` (SVG into `output/gallery`) and makes a page of each entry, and one page of all. With `--peers` the same architectures are
 * then trained by the same budgets in PyTorch, if it is there; without, the figures kept of that are shown.
 */
import { parseArgs } from "node:util"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { ArgumentError } from "pushforward"
import type { Entry } from "../models/gallery/entry.ts"
import { entries } from "../models/gallery/index.ts"
import { runMain } from "../models/run.ts"
import { figuresOf, keepFigures, overview, tabulate } from "./gallery/figures.ts"
import { writeGallery, writePage } from "./gallery/pages.ts"
import { trainPeers } from "./gallery/peers.ts"
import { publish } from "./report.ts"

const { values, positionals } = parseArgs({ allowPositionals: true, options: { peers: { type: "boolean", default: false } } })

const found = (name: string): Effect.Effect<Entry, ArgumentError> => {
  const entry = entries.find((e) => e.name === name)
  return entry === undefined
    ? Effect.fail(
        new ArgumentError({ argument: "entry", expected: `one of ${entries.map((e) => e.name).join(", ")}`, received: `"${name}"` })
      )
    : Effect.succeed(entry)
}

const program = Effect.gen(function* () {
  const chosen = positionals.length === 0 ? entries : yield* Effect.forEach(positionals, found)
  for (const [i, entry] of chosen.entries()) {
    yield* Console.log(`\n${i + 1} of ${chosen.length}: ${entry.title}`)
    const shown = yield* entry.run
    if (values.peers) yield* trainPeers(shown.figures.flatMap(({ peer }) => peer ?? []))
    const figures = figuresOf(shown.figures)
    yield* Effect.sync(() => keepFigures(entry.name, figures))
    if (figures.length > 0) yield* Console.log(tabulate(figures))
    yield* Effect.forEach(shown.notes ?? [], (note) => Console.log(note))
    yield* writePage(entry, shown, figures)
    yield* Effect.sync(() => publish("gallery", overview()))
  }
  yield* Console.log(`\nThe whole gallery: ${yield* writeGallery(entries)}`)
})

await runMain(program)
