/** What a step takes before it runs and beside: cold, in a process of its own. */
import { execFileSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { cases } from "./cases.ts"
import type { Beginning } from "./ready/begin.ts"
import { keep, markdown, publish } from "./report.ts"

const script = fileURLToPath(new URL("ready/begin.ts", import.meta.url))

const begun = (name: string): Beginning =>
  JSON.parse(
    execFileSync(process.execPath, ["--expose-gc", "--conditions=@pushforward/source", script, name], { encoding: "utf8" })
  ) as Beginning

const median = (values: ReadonlyArray<number>): number => values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)]!

const medians = (name: string, rounds: number): Beginning & { readonly case: string } => {
  const all = Array.from({ length: rounds }, () => begun(name))
  const of = (key: keyof Beginning): number => median(all.map((b) => b[key]))
  return {
    case: name,
    traceMs: of("traceMs"),
    compileMs: of("compileMs"),
    againMs: of("againMs"),
    nodes: of("nodes"),
    codeBytes: of("codeBytes"),
    memoryBytes: of("memoryBytes"),
    peakBytes: of("peakBytes"),
    heapBytesAStep: of("heapBytesAStep")
  }
}

export const ready = (rounds: number) =>
  Effect.gen(function* () {
    const found = yield* Effect.forEach(cases, ({ name }) =>
      Effect.andThen(
        Console.log(name),
        Effect.sync(() => medians(name, rounds))
      )
    )
    keep("ready", found)
    const table = markdown(
      ["", "nodes", "trace, ms", "compile, ms", "both again, ms", "code, kB", "memory, MB", "× alive", "heap bytes a step"],
      found.map((b) => [
        b.case,
        String(b.nodes),
        b.traceMs.toFixed(0),
        b.compileMs.toFixed(0),
        b.againMs.toFixed(0),
        (b.codeBytes / 1e3).toFixed(0),
        (b.memoryBytes / 1e6).toFixed(2),
        (b.memoryBytes / b.peakBytes).toFixed(2),
        b.heapBytesAStep.toFixed(0)
      ])
    )
    publish("ready", table)
    yield* Console.log(table)
  })
