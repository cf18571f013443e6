/** A training that can be watched, paused, looked back at and judged. */
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import type { EngineError, FitFailure, FitInfo, FitState } from "pushforward"
import type { ModelError } from "../../src/model/compute.ts"
import type { Frame, Judged } from "../protocol.ts"
import { albumOf } from "./album.ts"
import { fingerprintOf } from "./fingerprint.ts"
import type { Prepared } from "./prepared.ts"
import { quantilesOf } from "./quantiles.ts"
import { turn } from "./turn.ts"

/** Steps are taken for so many milliseconds before the page may have its turn. */
const stretch = 24

export interface Watcher {
  readonly frame: (frame: Omit<Frame, "type" | "run">) => void
  readonly state: (state: "training" | "paused" | "done") => void
}

export interface Training {
  /** To the end. It waits while it is paused. */
  readonly run: Effect.Effect<void, FitFailure>
  readonly pause: Effect.Effect<void, EngineError>
  readonly resume: Effect.Effect<void>
  readonly peek: (step: number | undefined) => Effect.Effect<void, EngineError>
  /** Whether frames are to show the flow's density. */
  readonly behind: (flow: boolean) => Effect.Effect<void, EngineError>
  readonly judge: Effect.Effect<Omit<Judged, "type" | "run">, ModelError | EngineError>
  /** The page is ready for another frame. */
  readonly drawn: Effect.Effect<void, EngineError>
}

const rowsOf = (infos: ReadonlyArray<FitInfo>): Float64Array =>
  Float64Array.from(infos.filter(({ applied }) => applied).flatMap(({ step, elbo, elboError }) => [step, elbo, elboError]))

export const trainingOf = ({ algorithm, steps, layers, base, density, judge }: Prepared, watcher: Watcher): Training => {
  const gate = Latch.makeUnsafe(true)
  const album = albumOf(algorithm.init, steps)
  let state: FitState = algorithm.init
  let seen: number | undefined
  let pictured = false
  let infos: Array<FitInfo> = []
  let trained = 0
  /** Whether the page waits for a frame, and whether there is something new to be seen. */
  let [awaited, news] = [true, true]
  /** When the last frame was sent, and how long it took. */
  let [sent, cost] = [-Infinity, 0]

  const underWay = (): boolean => gate.isOpen() && state.step < steps
  /** Frames take a third of the time at most. */
  const due = (): boolean => performance.now() - sent >= 2 * cost

  const shown = (): FitState => (seen === undefined ? state : album.nearest(seen))

  const send: Effect.Effect<void, EngineError> = Effect.suspend(() => {
    if (!awaited || !news) return Effect.void
    ;[awaited, news] = [false, false]
    const began = performance.now()
    const now = shown()
    const picture = pictured && density !== undefined ? density.run(now.parameters) : Effect.undefined
    return Effect.map(Effect.all([layers.run(now.parameters), picture]), ([layered, behind]) => {
      watcher.frame({
        ...(behind && { picture: behind }),
        step: now.step,
        reached: state.step,
        points: layered.shown,
        quantiles: quantilesOf(layered.last, base.draws, base.dimension),
        infos: rowsOf(infos),
        trained,
        fingerprint: fingerprintOf(now.parameters)
      })
      infos = []
      sent = performance.now()
      cost = sent - began
    })
  })

  let pace = 1
  const advance = Effect.gen(function* () {
    const began = performance.now()
    const [next, taken] = yield* algorithm.advance(state, Math.min(pace, steps - state.step))
    const elapsed = performance.now() - began
    pace = Math.max(1, Math.min(2 * pace, Math.floor((stretch * taken.length) / Math.max(elapsed, 0.1))))
    trained += elapsed
    state = next
    album.add(state)
    infos.push(...taken)
    news = true
    if (due()) yield* send
  })

  return {
    run: Effect.gen(function* () {
      yield* send
      if (gate.isOpen()) watcher.state("training")
      while (state.step < steps) {
        yield* turn
        yield* gate.await
        yield* advance
      }
      // The end is sent whether or not it is waited for.
      awaited = true
      yield* send
      watcher.state("done")
    }),
    pause: Effect.gen(function* () {
      yield* gate.close
      yield* send
      if (state.step < steps) watcher.state("paused")
    }),
    resume: Effect.andThen(
      gate.open,
      Effect.sync(() => state.step < steps && watcher.state("training"))
    ),
    peek: (step) =>
      Effect.suspend(() => {
        seen = step
        news = true
        return send
      }),
    behind: (flow) =>
      Effect.suspend(() => {
        pictured = flow
        news = true
        return send
      }),
    judge: Effect.suspend(() => {
      const now = shown()
      return Effect.map(judge(now), (judgement) => ({ ...judgement, step: now.step, fingerprint: fingerprintOf(now.parameters) }))
    }),
    drawn: Effect.suspend(() => {
      awaited = true
      return underWay() && !due() ? Effect.void : send
    })
  }
}
