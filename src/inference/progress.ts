/** Progress: where a long computation says how far it is. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

/** One task under way. */
export interface Task {
  /** Steps done so far, and a short note on the state, as in `ELBO -31.4`. */
  readonly update: (done: number, note: string) => void
}

export interface Progress {
  /** Shows a task of `total` steps until the scope closes: by completion, failure or interruption alike. */
  readonly start: (name: string, total: number) => Effect.Effect<Task, never, Scope.Scope>
}

/**
 * Whom a fit tells of its progress. Silent by default; `terminalProgress` of `pushforward/node` draws a bar, and a user interface can
 * answer it with its own.
 */
export const Progress: Context.Reference<Progress> = Context.Reference<Progress>("pushforward/Progress", {
  defaultValue: () => ({ start: () => Effect.succeed({ update: () => {} }) })
})
