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

/** Some steps: the state after them, and what is to be known of each. */
export interface Stretch {
  readonly state: FitState
  readonly infos: ReadonlyArray<FitInfo>
}

/** The steps of an algorithm, at most `most` at a time. */
export const stretches = (
  { init, advance }: Algorithm,
  steps: number,
  most: (state: FitState) => number
): Stream.Stream<Stretch, FitFailure> =>
  Stream.suspend(() => {
    const pause = courtesy()
    return Stream.unfold(init, (from) =>
      from.step >= steps
        ? Effect.succeed(undefined)
        : Effect.map(
            Effect.andThen(
              pause,
              Effect.suspend(() => advance(from, Math.min(most(from), steps - from.step)))
            ),
            ([state, infos]) => [{ state, infos }, state] as const
          )
    )
  })

/** How many steps take about so many milliseconds. */
export const pace = (milliseconds: number): ((step: number) => number) => {
  let [step, time, steps] = [-1, 0, 1]
  return (now) => {
    const taken = now - step
    const elapsed = performance.now() - time
    if (step >= 0 && taken > 0) steps = Math.max(1, Math.min(2 * steps, Math.floor((milliseconds * taken) / elapsed)))
    step = now
    time = performance.now()
    return steps
  }
}

/** Milliseconds between reports of progress. */
export const stretch = 20

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

/** Takes in a stretch that ends no later than where a state is judged. */
const record = (judged: Judged, { state, infos }: Stretch): Judged => {
  const objectives = infos.filter(({ applied }) => applied).map(({ elbo }) => elbo)
  const recent = [...judged.recent, ...objectives].slice(-window)
  const next = { ...judged, recent, since: judged.since + objectives.length, last: state }
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
  stop?: (info: FitInfo) => boolean
): Effect.Effect<Outcome, FitFailure> =>
  Effect.scoped(
    Effect.gen(function* () {
      const task = yield* (yield* Progress).start(name, steps)
      let judged: Judged = { recent: [], since: 0, last: algorithm.init }
      const paced = pace(stretch)
      const most = ({ step }: FitState): number => (stop === undefined ? Math.min(paced(step), window - judged.since) : 1)
      yield* Stream.runForEach(
        Stream.takeUntil(stretches(algorithm, steps, most), ({ infos }) => stop !== undefined && infos.some(stop)),
        (taken) =>
          Effect.sync(() => {
            judged = record(judged, taken)
            const { step, elbo } = taken.infos.at(-1)!
            task.update(step, `${objective} ${(judged.mean?.value ?? elbo).toFixed(2)}`)
          })
      ).pipe(Effect.catchTag("FitError", (error) => Effect.fail(new FitError({ ...error, state: judged.best ?? error.state }))))
      const { last, best = last } = judged.since > 1 ? judge(judged) : judged
      return { last, best }
    })
  )
