/** The worker of the page: one training at a time. It ends with the page. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { wasm } from "pushforward"
import type { Choices } from "../catalogue/choices.ts"
import type { Reply, Request } from "../protocol.ts"
import { failureOf } from "./failure.ts"
import { preparedFor } from "./prepared.ts"
import type { Training } from "./training.ts"
import { trainingOf } from "./training.ts"

/** As by default, but without the fused multiply-add that some machines lack: the bits are those of all machines. */
const engine = wasm({ precision: "float64", fused: false })

const post = (reply: Reply): void => {
  const moved = reply.type === "frame" ? [reply.points.buffer, reply.quantiles.buffer, reply.infos.buffer] : []
  postMessage(reply, { transfer: moved as Array<ArrayBuffer> })
}

interface Current {
  readonly run: number
  /** Asked for before there was a training to pause. */
  paused: boolean
  behind: "target" | "flow"
  fiber?: Fiber.Fiber<void>
  training?: Training
}

let current: Current | undefined

const reported = <A>(run: number, effect: Effect.Effect<A, Error>): Effect.Effect<void> =>
  Effect.map(Effect.exit(effect), (exit) => {
    const message = failureOf(exit)
    if (message !== undefined) post({ type: "failed", run, message })
  })

const trained = (own: Current, run: number, choices: Choices): Effect.Effect<void, Error> =>
  Effect.scoped(
    Effect.gen(function* () {
      const began = performance.now()
      const prepared = yield* preparedFor(choices, engine)
      const { layers, base, picture, limit } = prepared
      const training = trainingOf(prepared, {
        frame: (frame) => post({ type: "frame", run, ...frame }),
        state: (state) => post({ type: "state", run, state })
      })
      post({
        type: "ready",
        run,
        stages: layers.stages,
        draws: base.draws,
        lines: base.lines,
        dimension: base.dimension,
        parameters: layers.parameters,
        took: performance.now() - began,
        ...(picture && { picture }),
        ...(limit === undefined ? {} : { limit })
      })
      own.training = training
      yield* training.behind(own.behind === "flow")
      if (own.paused) yield* training.pause
      yield* training.run
      yield* judged(run, training)
      // What it holds is asked for until another run takes its place.
      return yield* Effect.never
    })
  )

const judged = (run: number, training: Training): Effect.Effect<void> =>
  reported(
    run,
    Effect.map(training.judge, (judgement) => post({ type: "judged", run, ...judgement }))
  )

const start = (run: number, choices: Choices): void => {
  post({ type: "started", run })
  const before = current?.fiber
  const own: Current = { run, paused: false, behind: current?.behind ?? "target" }
  current = own
  const ended = before === undefined ? Effect.void : Fiber.interrupt(before)
  own.fiber = Effect.runFork(Effect.andThen(ended, reported(run, trained(own, run, choices))))
}

const ask = (what: (training: Training) => Effect.Effect<void, Error>): void => {
  if (current?.training !== undefined) Effect.runFork(reported(current.run, what(current.training)))
}

onmessage = ({ data }: MessageEvent<Request>) => {
  switch (data.type) {
    case "start":
      return start(data.run, data.choices)
    case "pause":
      if (current !== undefined) current.paused = true
      return ask(({ pause }) => pause)
    case "resume":
      if (current !== undefined) current.paused = false
      return ask(({ resume }) => resume)
    case "peek":
      return ask(({ peek }) => peek(data.step))
    case "drawn":
      return ask(({ drawn }) => drawn)
    case "behind":
      if (current !== undefined) current.behind = data.density
      return ask(({ behind }) => behind(data.density === "flow"))
    case "judge":
      return ask((training) => judged(current!.run, training))
  }
}
