import * as Context from "effect/Context"
import type { Engine } from "./engine.ts"
import { wasm } from "./wasm/wasm.ts"

/**
 * The engine of fits that name none: compiled, in float64. One for all, so that what it has compiled is found again; `Effect.provideService`
 * gives another.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { DefaultEngine, reference } from "pushforward"
 *
 * const program = Effect.map(DefaultEngine, (engine) => engine.name)
 * console.log(await Effect.runPromise(program), await Effect.runPromise(Effect.provideService(program, DefaultEngine, reference())))
 * ```
 */
export const DefaultEngine: Context.Reference<Engine> = Context.Reference<Engine>("pushforward/Engine", {
  defaultValue: () => wasm({ precision: "float64" })
})
