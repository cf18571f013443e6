/** The steps of an algorithm as a stream, and the best state among them. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { FitError } from "../inference/errors.ts"
import type { Estimate } from "../inference/importance.ts"
import { meanOf } from "../inference/importance.ts"
import { courtesy } from "../inference/courtesy.ts"
import { Progress } from "../inference/progress.ts"
import type { Algorithm, FitInfo, FitState } from "../inference/variational.ts"
import type { FitFailure } from "./options.ts"

export interface Stepped {
  readonly state: FitState
  readonly info: FitInfo
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

/** A state is judged by the mean of the objective over so many steps before it. */
const window = 50

interface Judged {
  /** The objective at the last steps, at most a window of them. */
  readonly recent: ReadonlyArray<number>
  /** Applied steps since a state was judged. */
  readonly since: number
  /** Of the state last judged. */
  readonly mean?: Estimate
  /** The best so far. */
  readonly peak?: Estimate
  /** The latest state that was not found worse than the peak. */
  readonly best?: FitState
  readonly last: FitState
}

/** What the objective surely is: an estimate of a bad state may be high by its own error. */
const lower = ({ value, error }: Estimate): number => value - 3 * error

/** Within three standard errors of the peak a later state is taken for the better one: its rate is lower. */
const judge = (judged: Judged): Judged => {
  const mean = meanOf(Float64Array.from(judged.recent))
  const { peak = mean } = judged
  const worse = lower(mean) < lower(peak) - 3 * peak.error
  return { ...judged, since: 0, mean, peak: lower(mean) > lower(peak) ? mean : peak, ...(worse ? {} : { best: judged.last }) }
}

const record = (judged: Judged, { state, info }: Stepped): Judged => {
  if (!info.applied) return { ...judged, last: state }
  const next = { ...judged, recent: [...judged.recent.slice(1 - window), info.elbo], since: judged.since + 1, last: state }
  return next.since === window ? judge(next) : next
}

export interface Outcome {
  /** The latest state whose objective is not worse than that of any other. */
  readonly best: FitState
  readonly last: FitState
}

/** Runs an algorithm to its end, or to where `stop` gives true. Tells `Progress`. */
export const run = (
  name: string,
  objective: string,
  steps: number,
  algorithm: Algorithm,
  stop: (info: FitInfo) => boolean = () => false
): Effect.Effect<Outcome, FitFailure> =>
  Effect.scoped(
    Effect.gen(function* () {
      const task = yield* (yield* Progress).start(name, steps)
      let judged: Judged = { recent: [], since: 0, last: algorithm.init }
      yield* Stream.runForEach(
        Stream.takeUntil(stepsOf(algorithm, steps), ({ info }) => stop(info)),
        (step) =>
          Effect.sync(() => {
            judged = record(judged, step)
            task.update(step.info.step, `${objective} ${(judged.mean?.value ?? step.info.elbo).toFixed(2)}`)
          })
      ).pipe(Effect.catchTag("FitError", (error) => Effect.fail(new FitError({ ...error, state: judged.best ?? error.state }))))
      const { last, best = last } = judged.since > 1 ? judge(judged) : judged
      return { last, best }
    })
  )
