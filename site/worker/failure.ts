import * as Cause from "effect/Cause"
import * as Exit from "effect/Exit"

/** A failure as the library words it, a defect with all that is known of it; nothing of a success or an interruption. */
export const failureOf = (exit: Exit.Exit<unknown, Error>): string | undefined => {
  if (Exit.isSuccess(exit) || Cause.hasInterruptsOnly(exit.cause)) return undefined
  const failure = Cause.findErrorOption(exit.cause)
  return failure._tag === "Some" ? failure.value.message : Cause.pretty(exit.cause)
}
