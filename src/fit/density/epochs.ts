/** Epochs: the steps of an algorithm, the running average of their parameters, and a figure of that after each epoch. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { EngineError } from "../../errors.ts"
import type { TypedArray } from "../../graph/types.ts"
import { type Average, withPlace } from "../../inference/average.ts"
import { courtesy } from "../../inference/courtesy.ts"
import type { Estimate } from "../../inference/importance.ts"
import type { Algorithm, FitInfo, FitState } from "../../inference/variational.ts"
import type { FitFailure } from "../options.ts"
import { pace, stretch } from "../steps.ts"
import type { Epoch } from "./density.ts"

/** A state of the optimiser, with the average so far. */
export interface DensityState extends FitState {
  readonly average?: Average
}

export interface Reached {
  readonly state: DensityState
  readonly epoch: Epoch
  readonly heldOut: Estimate | undefined
  /** Whether the user's `stop` has ended it. */
  readonly stopped: boolean
}

/** What epochs are made of. */
export interface Course {
  readonly algorithm: Algorithm
  readonly steps: number
  /** Steps of an epoch. */
  readonly epoch: number
  /** The share of the steps so far that is averaged over. */
  readonly averaging: number
  /** The figure of a state by the points held out, if any. */
  readonly heldOut: (state: DensityState) => Effect.Effect<Estimate | undefined, EngineError>
}

export interface EpochOptions {
  /** Is told of each stretch of steps. */
  readonly report: (info: FitInfo) => void
  readonly stop: ((info: FitInfo) => boolean) | undefined
}

/** What the density of a state is made of. */
export const parametersOf = ({ average, parameters }: DensityState): TypedArray => average?.parameters ?? parameters

/** An epoch is cut into pieces of at most so many steps, and the parameters after each go into the average. */
const piece = 10

/** Where the piece ends that the next step is of. */
const pieceEnd = (step: number, length: number): number => {
  const [pieces, offset] = [Math.ceil(length / piece), step % length]
  return step - offset + Math.ceil(((Math.floor((offset * pieces) / length) + 1) * length) / pieces)
}

/** The epochs up to `steps`; the last may be shorter. */
export const epochs = (
  { algorithm: { init, advance }, steps, epoch: length, averaging, heldOut }: Course,
  { report, stop }: EpochOptions
): Stream.Stream<Reached, FitFailure> =>
  Stream.suspend(() => {
    const pause = courtesy()
    const paced = pace(stretch)
    const next = (from: DensityState): Effect.Effect<Reached, FitFailure> =>
      Effect.gen(function* () {
        const epoch = Math.floor(from.step / length) + 1
        const end = Math.min(steps, epoch * length)
        let [state, average, stopped, sum, applied] = [from as FitState, from.average, false, 0, 0]
        while (state.step < end && !stopped) {
          yield* pause
          const target = Math.min(end, pieceEnd(state.step, length))
          const [after, infos] = yield* advance(state, stop === undefined ? Math.min(paced(state.step), target - state.step) : 1)
          state = after
          for (const info of infos)
            if (info.applied) {
              sum += info.elbo
              applied++
            }
          report(infos.at(-1)!)
          stopped = stop !== undefined && infos.some(stop)
          if (state.step === target || stopped) average = withPlace(average, state.parameters, averaging)
        }
        const reached: DensityState = { ...state, ...(average && { average }) }
        const estimate = yield* heldOut(reached)
        const training = applied === 0 ? NaN : sum / applied
        return {
          state: reached,
          epoch: { epoch, step: state.step, training, ...(estimate && { heldOut: estimate.value }) },
          heldOut: estimate,
          stopped
        }
      })
    const all = Stream.unfold(init as DensityState, (from) =>
      from.step >= steps ? Effect.succeed(undefined) : Effect.map(next(from), (reached) => [reached, reached.state] as const)
    )
    return Stream.takeUntil(all, ({ stopped }) => stopped)
  })
