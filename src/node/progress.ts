/** A progress bar in the terminal. */
import { Presets, SingleBar } from "cli-progress"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Progress } from "../inference/progress.ts"

const millisecondsBetweenLines = 10_000

/**
 * Answers `Progress` with a bar on `stream`, standard error by default. Where that is no terminal, as in the log of a CI run, it prints a
 * plain line every ten seconds. The bar is ended, and the cursor left on a fresh line, however the task ends.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { Progress } from "pushforward"
 * import { terminalProgress } from "pushforward/node"
 *
 * const program = Effect.gen(function* () {
 *   const { start } = yield* Progress
 *   const task = yield* start("fit", 3)
 *   for (const done of [1, 2, 3]) task.update(done, `step ${done}`)
 * })
 * await Effect.runPromise(program.pipe(Effect.scoped, Effect.provide(terminalProgress())))
 * ```
 */
export const terminalProgress = (stream: NodeJS.WriteStream = process.stderr): Layer.Layer<never> =>
  Layer.succeed(Progress, {
    start: (name, total) =>
      Effect.acquireRelease(
        Effect.sync(() => {
          const bar = new SingleBar(
            {
              stream,
              format: `${name} {bar} {value}/{total} | {duration_formatted} | {note}`,
              barsize: 30,
              linewrap: true,
              noTTYOutput: true,
              notTTYSchedule: millisecondsBetweenLines
            },
            Presets.shades_classic
          )
          bar.start(total, 0, { note: "" })
          return bar
        }),
        (bar) => Effect.sync(() => bar.stop())
      ).pipe(Effect.map((bar) => ({ update: (done, note) => bar.update(done, { note }) })))
  })
