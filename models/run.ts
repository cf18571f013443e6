/** Runs a program from the command line. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { terminalProgress } from "pushforward/node"

const interrupted = 130

/** With a progress bar. Ctrl-C interrupts cleanly, a failure is told by its message, a defect with its stack. */
export const runMain = async <A, E extends Error>(program: Effect.Effect<A, E>): Promise<void> => {
  const controller = new AbortController()
  const abort = (): void => controller.abort()
  process.once("SIGINT", abort)
  process.once("SIGTERM", abort)
  const exit = await Effect.runPromiseExit(Effect.provide(program, terminalProgress()), { signal: controller.signal })
  process.off("SIGINT", abort)
  process.off("SIGTERM", abort)
  if (Exit.isSuccess(exit)) return
  process.exitCode = Cause.hasInterruptsOnly(exit.cause) ? interrupted : 1
  const failure = Cause.findErrorOption(exit.cause)
  if (process.exitCode === interrupted) console.error("Interrupted.")
  else console.error(failure._tag === "Some" ? failure.value.message : Cause.pretty(exit.cause))
}
