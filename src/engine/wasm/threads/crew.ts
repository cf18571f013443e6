/** Threads that take part in the runs of a module: workers of Node or of the browser. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { EngineError } from "../../../errors.ts"
import { asEngineError } from "../../attempt.ts"
import { control, mostNaps } from "./barrier.ts"
import { dismissed } from "./serve.ts"

/** What a worker is sent. */
interface Orders {
  readonly module: WebAssembly.Module
  readonly memory: WebAssembly.Memory
  readonly serve: string
}

interface Worker {
  readonly send: (orders: Orders) => void
  readonly stop: () => void
}

/** Says that it is there, and serves until it is dismissed. */
const duty = `({ module, memory, serve }, say) => {
  const { exports } = new WebAssembly.Instance(module, { host: { memory } })
  say("ready")
  exports[serve]()
}`

/** Node's workers, which a bundler for browsers does not follow. */
const nodeWorkers = (): typeof import("node:worker_threads") | undefined =>
  (globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }).process?.getBuiltinModule?.("node:worker_threads") as
    | typeof import("node:worker_threads")
    | undefined

const spawn = (onReady: () => void, onError: (reason: string) => void): Worker => {
  const threads = nodeWorkers()
  if (threads !== undefined) {
    const source = `const { parentPort } = process.getBuiltinModule("node:worker_threads"); parentPort.once("message", (orders) => (${duty})(orders, (word) => parentPort.postMessage(word)))`
    const worker = new threads.Worker(source, { eval: true })
    worker.once("message", () => {
      worker.unref()
      onReady()
    })
    worker.once("error", (error) => onError(String(error)))
    return { send: (orders) => worker.postMessage(orders), stop: () => void worker.terminate() }
  }
  const url = URL.createObjectURL(new Blob([`onmessage = ({ data }) => (${duty})(data, postMessage)`], { type: "text/javascript" }))
  const worker = new globalThis.Worker(url)
  worker.onmessage = onReady
  worker.onerror = ({ message }) => onError(message)
  URL.revokeObjectURL(url)
  return { send: (orders) => worker.postMessage(orders), stop: () => worker.terminate() }
}

const operation = "start threads"

const failed = (reason: string): EngineError => new EngineError({ engine: "wasm", operation, reason })

/** Whether this agent may share memory, and wait. */
const check = Effect.try({
  try: () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0),
  catch: () =>
    failed(
      "threads share memory and wait for each other, which is not allowed here: in a browser, fit in a worker, on a page that is isolated (Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp), or without threads"
    )
})

/** Starts the threads 1, 2, … of a module; they end with the scope. */
export const crew = (
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  threads: number
): Effect.Effect<void, EngineError, Scope.Scope> =>
  Effect.andThen(
    check,
    Effect.forEach(
      Array.from({ length: threads - 1 }, (_, k) => `serve ${k + 1}`),
      (serve) =>
        Effect.acquireRelease(
          Effect.callback<Worker, EngineError>((resume) => {
            try {
              const worker = spawn(
                () => resume(Effect.succeed(worker)),
                (reason) => {
                  worker.stop()
                  resume(Effect.fail(failed(reason)))
                }
              )
              worker.send({ module, memory, serve })
            } catch (cause) {
              resume(Effect.fail(asEngineError("wasm", operation, cause)))
            }
          }),
          (worker) => Effect.sync(worker.stop)
        ),
      { concurrency: "unbounded", discard: true }
    )
  )

const wordOf = (address: number): number => address / Int32Array.BYTES_PER_ELEMENT

type Run = (count: number, now: number, before: number, next: number) => number

/** A run that the crew takes part in. */
export const led = (memory: WebAssembly.Memory, lead: Run): Run => {
  const words = new Int32Array(memory.buffer)
  let commands = 0
  return (count, now, before, next) => {
    words.set([count, now, before, next], wordOf(control.count))
    commands = commands === 2 ** 31 - 1 ? 1 : commands + 1
    Atomics.store(words, wordOf(control.command), commands)
    Atomics.notify(words, wordOf(control.command))
    try {
      return lead(count, now, before, next)
    } catch (cause) {
      if (!(cause instanceof WebAssembly.RuntimeError)) throw cause
      throw new EngineError({ engine: "wasm", operation: "run", reason: `a thread has not answered for ${mostNaps} seconds` })
    }
  }
}

/** Lets the crew go, when it turns out not to be worth it. */
export const dismiss = (memory: WebAssembly.Memory): void => {
  const words = new Int32Array(memory.buffer)
  Atomics.store(words, wordOf(control.command), dismissed)
  Atomics.notify(words, wordOf(control.command))
}
