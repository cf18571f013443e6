/**
 * Variational inference as an algorithm: `init`, and `step` from a state to the next with what is to be known of it. The state is what
 * the next step needs; the info is for people.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Engine, Executable } from "../engine/engine.ts"
import { ArgumentError, type EngineError } from "../errors.ts"
import type { Program, TypedArray } from "../graph/types.ts"
import type { Params } from "../learnable/learnable.ts"
import { flatten } from "../learnable/tree.ts"
import { keyOf } from "../random/key.ts"
import { whereNonFinite } from "./blame.ts"
import { FitError } from "./errors.ts"
import type { LearningRate } from "./schedule.ts"

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
  readonly step: (state: FitState) => Effect.Effect<readonly [FitState, FitInfo], FitError | ArgumentError | EngineError>
}

export interface VariationalOptions {
  readonly seed: number
  readonly steps: number
  readonly schedule: LearningRate
  readonly engine: Engine
  /** A state to go on from. */
  readonly from?: FitState | undefined
}

/** So many steps in a row that are not finite stop the fit. */
const patience = 10
const recovery = 2 ** (1 / 100)

const isFinite = (values: TypedArray): boolean => {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i]!)) return false
  return true
}

const meanAndError = (terms: TypedArray): readonly [number, number] => {
  const n = terms.length
  let mean = 0
  for (const t of terms) mean += t / n
  let square = 0
  for (const t of terms) square += (t - mean) ** 2
  return [mean, n > 1 ? Math.sqrt(square / (n - 1) / n) : NaN]
}

const startState = (params: Params): FitState => {
  const parameters = flatten(params)
  const from: Place = { parameters, first: new Float64Array(parameters.length), second: new Float64Array(parameters.length), applied: 0 }
  return { ...from, from, step: 0, damping: 1, rejectedInARow: 0, rejected: 0 }
}

/** A state to go on from, which is to be patient again; the first one where there is none. */
const stateFrom = (params: Params, from: FitState | undefined): Effect.Effect<FitState, ArgumentError> => {
  const start = startState(params)
  if (from === undefined) return Effect.succeed(start)
  const [expected, received] = [start, from].map(({ parameters }) => `a state with ${parameters.length} parameters`) as [string, string]
  return expected === received
    ? Effect.succeed({ ...from, rejectedInARow: 0 })
    : Effect.fail(new ArgumentError({ argument: "fit.from", expected, received, remedy: "Go on with the same model and guide." }))
}

const placeOf = ({ parameters, first, second, applied }: Place): Place => ({ parameters, first, second, applied })

const apply = (state: FitState, to: Place): FitState => ({
  ...to,
  from: placeOf(state),
  step: state.step + 1,
  damping: Math.min(1, state.damping * recovery),
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

/** What a step's program gives. */
type Outputs = readonly [parameters: TypedArray, first: TypedArray, second: TypedArray, terms: TypedArray, square: TypedArray]

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
  program: Program,
  params: Params,
  { seed, steps, schedule, engine, from }: VariationalOptions
): Effect.Effect<Algorithm, ArgumentError | EngineError, Scope.Scope> =>
  Effect.gen(function* () {
    const init = yield* stateFrom(params, from)
    const executable: Executable = yield* engine.compile(program)
    const { hi, lo } = keyOf(seed)
    const inputsOf = (state: FitState, rate: number): Readonly<Record<string, TypedArray>> => ({
      parameters: state.parameters,
      first: state.first,
      second: state.second,
      rate: Float64Array.of(rate),
      count: Float64Array.of(state.applied + 1),
      key: Uint32Array.of(hi, lo, state.step)
    })
    const step: Algorithm["step"] = (state) =>
      Effect.gen(function* () {
        const rate = yield* rateAt(schedule, Math.min(1, (state.step + 1) / steps))
        const inputs = inputsOf(state, rate * state.damping)
        const [parameters, first, second, terms, square] = yield* executable.run(inputs) as Effect.Effect<Outputs, EngineError>
        const [elbo, elboError] = meanAndError(terms)
        const gradientNorm = Math.sqrt(square[0]!)
        const applied = Number.isFinite(elbo) && Number.isFinite(gradientNorm) && isFinite(parameters)
        const next = applied ? apply(state, { parameters, first, second, applied: state.applied + 1 }) : reject(state)
        if (next.rejectedInARow >= patience) {
          return yield* Effect.fail(
            new FitError({
              step: next.step,
              reason: `${patience} steps in a row gave numbers that are not finite`,
              state: next,
              ...whereNonFinite(program, inputs)
            })
          )
        }
        const info: FitInfo = {
          step: next.step,
          steps,
          elbo: applied ? elbo : NaN,
          elboError: applied ? elboError : NaN,
          rate: rate * state.damping,
          gradientNorm,
          applied,
          rejected: next.rejected
        }
        return [next, info] as const
      })
    return { init, step }
  })
