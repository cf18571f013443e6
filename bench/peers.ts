/** Other systems, each a process that speaks the protocol of `peers/`, started when first asked for. */
import { spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import type { Task } from "./peers/protocol.ts"
import type { Sample, System } from "./system.ts"

/** Why a peer gives no figure. */
class PeerError extends Data.TaggedError("PeerError")<{ readonly message: string }> {}

const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

interface Program {
  readonly command: string
  readonly arguments: ReadonlyArray<string>
  /** Without it the peer is not installed. */
  readonly needs: string
}

type Ask = (request: object) => Promise<object>

/** Answers a request. */
type Asked = (request: object) => Effect.Effect<object, PeerError>

const launch = ({ command, arguments: args, needs }: Program): Effect.Effect<Ask, PeerError, Scope.Scope> =>
  existsSync(needs)
    ? Effect.map(
        Effect.acquireRelease(
          Effect.sync(() => spawn(command, args, { stdio: ["pipe", "pipe", "ignore"] })),
          (child) => Effect.sync(() => child.kill())
        ),
        (child) => {
          const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
          const left = new Promise<never>((_, reject) => {
            child.once("exit", (code) => reject(new Error(`it ended with code ${code}`)))
            child.once("error", reject)
          })
          left.catch(() => {})
          return async (request) => {
            child.stdin.write(`${JSON.stringify(request)}\n`)
            const { value } = await Promise.race([lines.next(), left])
            return JSON.parse(value as string) as object
          }
        }
      )
    : Effect.fail(new PeerError({ message: "not installed" }))

/** An answer, or the error that it tells of. */
const answer = (ask: Ask, request: object): Effect.Effect<object, PeerError> =>
  Effect.flatMap(
    Effect.tryPromise({
      try: () => ask(request),
      catch: (cause) => new PeerError({ message: cause instanceof Error ? cause.message : String(cause) })
    }),
    (answered) => ("error" in answered ? Effect.fail(new PeerError({ message: String(answered.error) })) : Effect.succeed(answered))
  )

const peer = (name: string, threads: number, program: Program): Effect.Effect<System, never, Scope.Scope> =>
  Effect.gen(function* () {
    const launched = yield* Effect.cached(Scope.provide(launch(program), yield* Effect.scope))
    return {
      name,
      threads,
      start: (c, { parameters }) =>
        Effect.gen(function* () {
          if (c.peer === undefined) return yield* new PeerError({ message: "not written for peers" })
          const ask = yield* launched
          yield* answer(ask, { case: { ...c.peer, parameters, rate: 0 } satisfies Task })
          return { sample: (seconds) => Effect.map(answer(ask, { seconds }), (sample) => sample as Sample) }
        })
    }
  })

const python = (script: string, threads: number): Program => {
  const command = pathOf(".venv/bin/python")
  return { command, arguments: [pathOf(`peers/${script}`), String(threads)], needs: command }
}

const node = (needs: string, ...args: readonly [script: string, ...rest: ReadonlyArray<string>]): Program => ({
  command: process.execPath,
  arguments: [pathOf(`peers/${args[0]}`), ...args.slice(1)],
  needs: pathOf(needs)
})

/** All peers; the processes end with the scope. */
export const peerSystems: Effect.Effect<ReadonlyArray<System>, never, Scope.Scope> = Effect.all([
  peer("tfjs-wasm", 1, node("../node_modules/@tensorflow/tfjs-backend-wasm", "tfjs.ts", "wasm")),
  peer("tfjs-cpu", 1, node("../node_modules/@tensorflow/tfjs", "tfjs.ts", "cpu")),
  peer("jax-js", 1, node("peers/node_modules/@jax-js/jax", "jax-js.mjs")),
  peer("jax", 1, python("jax_peer.py", 1)),
  peer("jax", 2, python("jax_peer.py", 2)),
  peer("torch", 1, python("torch_peer.py", 1)),
  peer("torch", 2, python("torch_peer.py", 2))
])

/** OpenBLAS by numpy, for matrix products. */
export const openBlas = (threads: number): Effect.Effect<Asked, PeerError, Scope.Scope> =>
  Effect.map(launch(python("openblas.py", threads)), (ask) => (request) => answer(ask, request))
