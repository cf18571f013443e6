import * as Effect from "effect/Effect"

/** Gives way to messages that have come. A timer would do, but browsers hold nested timers back for four milliseconds. */
export const turn: Effect.Effect<void> = Effect.callback<void>((resume) => {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => {
    port1.close()
    resume(Effect.void)
  }
  port2.postMessage(undefined)
})
