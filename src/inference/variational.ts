/**
 * Variational inference as an algorithm: `init`, and `advance` from a state by some steps, with what is to be known of them. The state is
 * what the next step needs; the info is for people.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Engine, Inputs, Iterated } from "../engine/engine.ts"
import { ArgumentError, type EngineError } from "../errors.ts"
import { range } from "../graph/shape.ts"
import type { TypedArray } from "../graph/types.ts"
import type { Params } from "../learnable/learnable.ts"
import { flatten } from "../learnable/tree.ts"
import { keyOf } from "../random/key.ts"
import { whereNonFinite } from "./blame.ts"
import { FitError } from "./errors.ts"
import type { LearningRate } from "./schedule.ts"
import type { Step } from "./step.ts"
import { stateInputs } from "./step.ts"

/** Where the optimiser stands. */
export interface Place {
  readonly parameters: TypedArray
  /** Adam's moments. */
  readonly first: TypedArray
  readonly second: TypedArray
  /** How many steps led here. */
  readonly applied: number
}

export interface FitState extends Place {
  /** Steps taken, the rejected ones included. */
  readonly step: number
  /** What the rate is multiplied by: halved by each rejected step, and doubled again by a hundred applied ones, up to 1. */
  readonly damping: number
  readonly rejectedInARow: number
  readonly rejected: number
  /** Where the last applied step set out from, and where the fit goes back to when a step from here is not finite. */
  readonly from: Place
}

export interface FitInfo {
  readonly step: number
  readonly steps: number
  /** The objective's estimate at this step, the ELBO in nats; NaN where the step was rejected. */
  readonly elbo: number
  /** Its Monte Carlo standard error. */
  readonly elboError: number
  readonly rate: number
  readonly gradientNorm: number
  /** Whether the step was applied: one whose objective or gradient is not finite is not. */
  readonly applied: boolean
  /** Rejected steps so far. */
  readonly rejected: number
}

export interface Algorithm {
  readonly init: FitState
  /** Steps from a state, at most `most` of them, with what is to be known of each. The last may be one that was not applied. */
  readonly advance: (
    state: FitState,
    most: number
  ) => Effect.Effect<readonly [FitState, ReadonlyArray<FitInfo>], FitError | ArgumentError | EngineError>
}

export interface VariationalOptions {
  readonly seed: number
  readonly steps: number
  readonly schedule: LearningRate
  readonly engine: Engine
  /** A state to go on from. */
  readonly from?: FitState | undefined
  /** The inputs of the step's own, each with its values for `count` steps from `step` on. */
  readonly rows?: (step: number, count: number) => Inputs
}

/** So many steps in a row that are not finite stop the fit. */
const patience = 10
/** 2^(1/100). */
const recovery = 1.0069555500567189

const startState = (params: Params): FitState => {
  const parameters = flatten(params)
  const from: Place = { parameters, first: new Float64Array(parameters.length), second: new Float64Array(parameters.length), applied: 0 }
  return { ...from, from, step: 0, damping: 1, rejectedInARow: 0, rejected: 0 }
}

/** A state to go on from, which is to be patient again; the first one where there is none. */
const stateFrom = (params: Params, from: FitState | undefined): Effect.Effect<FitState, ArgumentError> => {
  const start = startState(params)
  if (from === undefined) return Effect.succeed(start)
  const refuse = (expected: string, received: string): Effect.Effect<never, ArgumentError> =>
    Effect.fail(new ArgumentError({ argument: "fit.from", expected, received, remedy: "Go on with the same model and guide." }))
  const size = start.parameters.length
  const arrays = [from, from.from].flatMap(({ parameters, first, second }) => [parameters, first, second])
  if (!arrays.every((a) => ArrayBuffer.isView(a))) return refuse("a state of a fit, of typed arrays", "something else")
  const wrong = arrays.find((a) => a.length !== size)
  if (wrong !== undefined) return refuse(`a state with ${size} parameters`, `a state with ${wrong.length} parameters`)
  const counts = [from.step, from.applied, from.rejected]
  if (!counts.every((n) => Number.isSafeInteger(n) && n >= 0)) return refuse("whole numbers of steps", counts.join(", "))
  return Effect.succeed({ ...from, rejectedInARow: 0 })
}

type Moved = readonly [parameters: TypedArray, first: TypedArray, second: TypedArray]

const movedOf = ({ parameters, first, second }: Place): Moved => [parameters, first, second]

const placeOf = ([parameters, first, second]: ReadonlyArray<TypedArray>, applied: number): Place => ({
  parameters: parameters!,
  first: first!,
  second: second!,
  applied
})

/** Before each of so many steps that are applied, and after them. */
const dampings = (first: number, steps: number): ReadonlyArray<number> => {
  const all = [first]
  for (let k = 0; k < steps; k++) all.push(Math.min(1, all[k]! * recovery))
  return all
}

const apply = (state: FitState, { taken, state: to, before }: Iterated, damping: number): FitState => ({
  ...placeOf(to, state.applied + taken),
  from: placeOf(before, state.applied + taken - 1),
  step: state.step + taken,
  damping,
  rejectedInARow: 0,
  rejected: state.rejected
})

const reject = ({ from, step, damping, rejectedInARow, rejected }: FitState): FitState => ({
  ...from,
  from,
  step: step + 1,
  damping: damping / 2,
  rejectedInARow: rejectedInARow + 1,
  rejected: rejected + 1
})

const rowAt = (all: TypedArray, k: number, count: number): TypedArray => {
  const size = all.length / count
  return all.subarray(k * size, (k + 1) * size)
}

const rateAt = (schedule: LearningRate, progress: number): Effect.Effect<number, ArgumentError> => {
  const rate = schedule(progress)
  return rate >= 0 && rate < Infinity
    ? Effect.succeed(rate)
    : Effect.fail(
        new ArgumentError({
          argument: "learningRate",
          expected: "a schedule of finite numbers, none below 0",
          received: `${rate} at ${progress}`
        })
      )
}

/** The algorithm that a step's program and its first parameters make. */
export const variational = (
  { program, draws }: Step,
  params: Params,
  { seed, steps, schedule, engine, from, rows: rowsOf = () => ({}) }: VariationalOptions
): Effect.Effect<Algorithm, ArgumentError | EngineError, Scope.Scope> =>
  Effect.gen(function* () {
    const init = yield* stateFrom(params, from)
    const iteration = yield* engine.iterate(program, stateInputs)
    const { hi, lo } = keyOf(seed)
    const advance: Algorithm["advance"] = (state, most) =>
      Effect.gen(function* () {
        const ahead = range(most)
        const damping = dampings(state.damping, most)
        const rates = yield* Effect.forEach(ahead, (k) =>
          Effect.map(rateAt(schedule, Math.min(1, (state.step + k + 1) / steps)), (rate) => rate * damping[k]!)
        )
        const rows: Inputs = {
          ...rowsOf(state.step, most),
          rate: Float64Array.from(rates),
          count: Float64Array.from(ahead, (k) => state.applied + k + 1),
          key: Uint32Array.from(ahead.flatMap((k) => [hi, lo, state.step + k]))
        }
        const iterated = yield* iteration.run(movedOf(state), rows, most)
        const { taken } = iterated
        const summary = iterated.rows[0]!
        const infoOf = (k: number, applied: boolean): FitInfo => {
          const [mean, squares, square] = summary.subarray(3 * k, 3 * k + 3) as unknown as readonly [number, number, number]
          return {
            step: state.step + k + 1,
            steps,
            elbo: applied ? mean : NaN,
            elboError: applied && draws > 1 ? Math.sqrt(squares / (draws - 1) / draws) : NaN,
            rate: rates[k]!,
            gradientNorm: Math.sqrt(square),
            applied,
            rejected: state.rejected + (applied ? 0 : 1)
          }
        }
        const infos = range(taken).map((k) => infoOf(k, true))
        const reached = taken === 0 ? state : apply(state, iterated, damping[taken]!)
        if (taken === most) return [reached, infos] as const
        const back = reject(reached)
        if (back.rejectedInARow >= patience) {
          const inputs = {
            ...Object.fromEntries(stateInputs.map((name, i) => [name, iterated.state[i]!])),
            ...Object.fromEntries(Object.entries(rows).map(([name, all]) => [name, rowAt(all, taken, most)]))
          }
          return yield* Effect.fail(
            new FitError({
              step: back.step,
              reason: `${patience} steps in a row gave numbers that are not finite`,
              state: back,
              ...whereNonFinite(program, inputs)
            })
          )
        }
        return [back, [...infos, infoOf(taken, false)]] as const
      })
    return { init, advance }
  })
