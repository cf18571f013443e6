/** Album: states of a training, evenly spaced, in bounded memory. */
import type { FitState } from "pushforward"

const mostBytes = 48e6
const mostStates = 200

const bytesOf = ({ parameters, from }: FitState): number => 3 * (parameters.byteLength + from.parameters.byteLength)

export interface Album {
  readonly add: (state: FitState) => void
  /** The one nearest to a step. */
  readonly nearest: (step: number) => FitState
}

/** Holds `first` and what is added. Where it is full every other one is let go, and from then on every other one taken. */
export const albumOf = (first: FitState, steps: number): Album => {
  const capacity = Math.max(8, Math.min(mostStates, Math.floor(mostBytes / bytesOf(first))))
  let stride = Math.max(1, Math.ceil(steps / capacity))
  let states = [first]
  return {
    add: (state) => {
      if (state.step < states.at(-1)!.step + stride) return
      states.push(state)
      if (states.length <= capacity) return
      states = states.filter((_, i) => i % 2 === 0)
      stride *= 2
    },
    nearest: (step) => states.reduce((best, state) => (Math.abs(state.step - step) < Math.abs(best.step - step) ? state : best))
  }
}
