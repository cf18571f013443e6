/** A tfjs backend, used without becoming the one that the rest of the program sees. */
import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import { EngineError } from "../../errors.ts"

/** The parts of tfjs 4.22's engine that are needed and not in its declarations. */
interface Internals {
  backendInstance: tf.KernelBackend | null
  readonly initializeBackend: (name: string) => { readonly success: boolean | Promise<boolean>; readonly asyncInit: boolean }
}

const internals = (): Internals => tf.engine() as unknown as Internals

/** Runs `f`, which must be synchronous, on the backend. */
export const onBackend = <A>(name: string, f: () => A): A => {
  const engine = tf.engine()
  const before = { name: engine.backendName, instance: internals().backendInstance }
  engine.backendName = name
  internals().backendInstance = engine.registry[name]!
  try {
    return f()
  } finally {
    engine.backendName = before.name
    internals().backendInstance = before.instance
  }
}

const unavailable = (name: string, reason: string): EngineError =>
  new EngineError({
    engine: `tfjs ${name}`,
    operation: "start",
    reason,
    remedy: `Import "@tensorflow/tfjs-backend-${name}" before the engine is used, or name another backend.`
  })

/** Makes the backend ready, with its kernels set up. */
export const startBackend = (name: string): Effect.Effect<void, EngineError> =>
  Effect.gen(function* () {
    const engine = tf.engine()
    if (!(name in engine.registryFactory)) {
      return yield* unavailable(name, `the backend is not registered; there are ${engine.backendNames().join(", ") || "none"}`)
    }
    if (!(name in engine.registry)) {
      const started = yield* Effect.tryPromise({
        try: async () => internals().initializeBackend(name).success,
        catch: (cause) => unavailable(name, `the backend did not start: ${String(cause)}`)
      })
      if (!started) return yield* unavailable(name, "the backend did not start")
    }
    for (const { setupFunc } of tf.getKernelsForBackend(name)) setupFunc?.(engine.registry[name]!)
  })
