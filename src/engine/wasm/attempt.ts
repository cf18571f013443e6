import * as Effect from "effect/Effect"
import { EngineError } from "../../errors.ts"

/** What goes wrong in the engine is an `EngineError`. */
export const attempt = <A>(operation: string, f: () => A): Effect.Effect<A, EngineError> =>
  Effect.try({ try: f, catch: (cause) => asEngineError(operation, cause) })

const asEngineError = (operation: string, cause: unknown): EngineError =>
  cause instanceof EngineError
    ? cause
    : new EngineError({ engine: "wasm", operation, reason: cause instanceof Error ? cause.message : String(cause) })
