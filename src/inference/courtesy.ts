import * as Effect from "effect/Effect"

/** After so many milliseconds a running fit lets others run: signals, timers, interruptions. */
const patience = 20

/** An effect that gives way to the event loop when it has not done so for a while. */
export const courtesy = (): Effect.Effect<void> => {
  let last = performance.now()
  return Effect.suspend(() => {
    if (performance.now() - last < patience) return Effect.void
    return Effect.callback<void>((resume) => {
      const timer = setTimeout(() => {
        last = performance.now()
        resume(Effect.void)
      })
      return Effect.sync(() => clearTimeout(timer))
    })
  })
}
