import * as Effect from "effect/Effect"
import { EngineError } from "../errors.ts"

export const asEngineError = (engine: string, operation: string, cause: unknown): EngineError =>
  cause instanceof EngineError
    ? cause
    : new EngineError({ engine, operation, reason: (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, "") })

/** What goes wrong in an engine is an `EngineError`. */
export const attempt = <A>(engine: string, operation: string, f: () => A): Effect.Effect<A, EngineError> =>
  Effect.try({ try: f, catch: (cause) => asEngineError(engine, operation, cause) })
