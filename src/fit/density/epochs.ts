/** Epochs: the steps of an algorithm, with a figure of the state after each epoch. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { EngineError } from "../../errors.ts"
import { courtesy } from "../../inference/courtesy.ts"
import type { Estimate } from "../../inference/importance.ts"
import type { Algorithm, FitInfo, FitState } from "../../inference/variational.ts"
import type { FitFailure } from "../options.ts"
import { pace, stretch } from "../steps.ts"
import type { Epoch } from "./density.ts"

export interface Reached {
  readonly state: FitState
  readonly epoch: Epoch
  readonly heldOut: Estimate | undefined
  /** Whether the user's `stop` has ended it. */
  readonly stopped: boolean
}

export interface EpochOptions {
  readonly steps: number
  /** Steps of an epoch. */
  readonly epoch: number
  readonly heldOut: (state: FitState) => Effect.Effect<Estimate | undefined, EngineError>
  /** Is told of each stretch of steps. */
  readonly report: (info: FitInfo) => void
  readonly stop: ((info: FitInfo) => boolean) | undefined
}

/** The epochs up to `steps`; the last may be shorter. */
export const epochs = (
  { init, advance }: Algorithm,
  { steps, epoch: length, heldOut, report, stop }: EpochOptions
): Stream.Stream<Reached, FitFailure> =>
  Stream.suspend(() => {
    const pause = courtesy()
    const paced = pace(stretch)
    const next = (from: FitState): Effect.Effect<Reached, FitFailure> =>
      Effect.gen(function* () {
        const epoch = Math.floor(from.step / length) + 1
        const end = Math.min(steps, epoch * length)
        let [state, stopped, sum, applied] = [from, false, 0, 0]
        while (state.step < end && !stopped) {
          yield* pause
          const [after, infos] = yield* advance(state, stop === undefined ? Math.min(paced(state.step), end - state.step) : 1)
          state = after
          for (const info of infos)
            if (info.applied) {
              sum += info.elbo
              applied++
            }
          report(infos.at(-1)!)
          stopped = stop !== undefined && infos.some(stop)
        }
        const estimate = yield* heldOut(state)
        const training = applied === 0 ? NaN : sum / applied
        return {
          state,
          epoch: { epoch, step: state.step, training, ...(estimate && { heldOut: estimate.value }) },
          heldOut: estimate,
          stopped
        }
      })
    const all = Stream.unfold(init, (from) =>
      from.step >= steps ? Effect.succeed(undefined) : Effect.map(next(from), (reached) => [reached, reached.state] as const)
    )
    return Stream.takeUntil(all, ({ stopped }) => stopped)
  })
