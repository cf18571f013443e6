/**
 * Variational inference as an algorithm: `init`, and `step` from a state to the next with what is to be known of it. The state is what
 * the next step needs; the info is for people.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Engine, Executable } from "../engine/engine.ts"
import type { EngineError } from "../errors.ts"
import type { Program, TypedArray } from "../graph/types.ts"
import type { Params } from "../learnable/learnable.ts"
import { flatten } from "../learnable/tree.ts"
import { keyOf } from "../random/key.ts"
import { whereNonFinite } from "./blame.ts"
import { FitError } from "./errors.ts"
import type { Schedule } from "./schedule.ts"

export interface FitState {
  /** Steps taken, the rejected ones included. */
  readonly step: number
  readonly parameters: TypedArray
  readonly first: TypedArray
  readonly second: TypedArray
  /** Steps applied. */
  readonly applied: number
  /** What the rate is multiplied by: halved by each rejected step. */
  readonly damping: number
  readonly rejectedInARow: number
  readonly rejected: number
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
  readonly step: (state: FitState) => Effect.Effect<readonly [FitState, FitInfo], FitError | EngineError>
}

export interface VariationalOptions {
  readonly seed: number
  readonly steps: number
  readonly schedule: Schedule
  readonly engine: Engine
}

/** So many steps in a row that are not finite stop the fit. */
const patience = 10

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

export const startState = (params: Params): FitState => {
  const parameters = flatten(params)
  return {
    step: 0,
    parameters,
    first: new Float64Array(parameters.length),
    second: new Float64Array(parameters.length),
    applied: 0,
    damping: 1,
    rejectedInARow: 0,
    rejected: 0
  }
}

/** The algorithm that a step's program and its first parameters make. */
export const variational = (
  program: Program,
  params: Params,
  { seed, steps, schedule, engine }: VariationalOptions
): Effect.Effect<Algorithm, EngineError, Scope.Scope> =>
  Effect.map(engine.compile(program), (executable: Executable): Algorithm => {
    const { hi, lo } = keyOf(seed)
    const inputsOf = (state: FitState, rate: number): Readonly<Record<string, TypedArray>> => ({
      parameters: state.parameters,
      first: state.first,
      second: state.second,
      rate: Float64Array.of(rate),
      count: Float64Array.of(state.applied + 1),
      key: Uint32Array.of(hi, lo, state.step)
    })
    const step = (state: FitState): Effect.Effect<readonly [FitState, FitInfo], FitError | EngineError> => {
      const rate = schedule(Math.min(1, (state.step + 1) / steps)) * state.damping
      const inputs = inputsOf(state, rate)
      return Effect.flatMap(executable.run(inputs), ([parameters, first, second, terms, square]) => {
        const [elbo, elboError] = meanAndError(terms!)
        const gradientNorm = Math.sqrt(square![0]!)
        const applied = Number.isFinite(elbo) && Number.isFinite(gradientNorm) && isFinite(parameters!)
        const rejectedInARow = applied ? 0 : state.rejectedInARow + 1
        const rejected = state.rejected + (applied ? 0 : 1)
        const next: FitState = applied
          ? { ...state, step: state.step + 1, parameters: parameters!, first: first!, second: second!, applied: state.applied + 1, rejectedInARow }
          : { ...state, step: state.step + 1, damping: state.damping / 2, rejectedInARow, rejected }
        if (rejectedInARow >= patience) {
          return Effect.fail(
            new FitError({
              step: state.step,
              reason: `${patience} steps in a row gave numbers that are not finite`,
              state,
              ...whereNonFinite(program, inputs)
            })
          )
        }
        return Effect.succeed([next, { step: next.step, steps, elbo, elboError, rate, gradientNorm, applied, rejected }] as const)
      })
    }
    return { init: startState(params), step }
  })
