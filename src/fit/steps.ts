/** The steps of an algorithm as a stream, and the best state among them. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { FitError } from "../inference/errors.ts"
import { Progress } from "../inference/progress.ts"
import type { Algorithm, FitInfo, FitState } from "../inference/variational.ts"
import type { FitFailure } from "./options.ts"

export interface Stepped {
  readonly state: FitState
  readonly info: FitInfo
}

/** After so many milliseconds a running fit lets others run: signals, timers, interruptions. */
const patience = 20

/** An effect that gives way to the event loop when it has not done so for a while. */
const courtesy = (): Effect.Effect<void> => {
  let last = performance.now()
  return Effect.suspend(() => {
    if (performance.now() - last < patience) return Effect.void
    return Effect.callback<void>((resume) => {
      const timer = setTimeout(() => {
        last = performance.now()
        resume(Effect.void)
      })
      return Effect.sync(() => clearTimeout(timer))
    })
  })
}

export const stepsOf = ({ init, step }: Algorithm, steps: number): Stream.Stream<Stepped, FitFailure> =>
  Stream.suspend(() => {
    const pause = courtesy()
    return Stream.unfold(init, (from) =>
      from.step >= steps
        ? Effect.succeed(undefined)
        : Effect.map(Effect.andThen(pause, step(from)), ([state, info]) => [{ state, info }, state] as const)
    )
  })

/** States are judged by the mean of the objective over so many steps before them. */
const window = 50

interface Judged {
  readonly sum: number
  readonly count: number
  /** Of the last full window. */
  readonly mean?: number
  readonly best: { readonly state: FitState; readonly mean: number } | undefined
  readonly last: FitState
}

const judge = (judged: Judged, { state, info }: Stepped): Judged => {
  const sum = judged.sum + (info.applied ? info.elbo : 0)
  const count = judged.count + (info.applied ? 1 : 0)
  if (count < window) return { ...judged, sum, count, last: state }
  const mean = sum / count
  return { sum: 0, count: 0, mean, last: state, best: judged.best === undefined || mean >= judged.best.mean ? { state, mean } : judged.best }
}

export interface Outcome {
  /** The state with the best mean objective over the steps before it. */
  readonly best: FitState
  readonly last: FitState
}

/** Runs an algorithm to its end, or to where `stop` gives true. Tells `Progress`. */
export const run = (
  name: string,
  steps: number,
  algorithm: Algorithm,
  stop: (info: FitInfo) => boolean = () => false
): Effect.Effect<Outcome, FitFailure> =>
  Effect.scoped(
    Effect.gen(function* () {
      const task = yield* (yield* Progress).start(name, steps)
      let judged: Judged = { sum: 0, count: 0, best: undefined, last: algorithm.init }
      yield* Stream.runForEach(
        Stream.takeUntil(stepsOf(algorithm, steps), ({ info }) => stop(info)),
        (step) =>
          Effect.sync(() => {
            judged = judge(judged, step)
            task.update(step.info.step, `ELBO ${(judged.mean ?? step.info.elbo).toFixed(2)}`)
          })
      ).pipe(Effect.catchTag("FitError", (error) => Effect.fail(new FitError({ ...error, state: judged.best?.state ?? error.state }))))
      return { last: judged.last, best: judged.best?.state ?? judged.last }
    })
  )
