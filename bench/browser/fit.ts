/** The fit that Node and a browser are held against each other by, and its steps alone. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { type EngineError, type FitFailure, fitStream, type GraphProgram, type TypedArray, type WasmOptions } from "pushforward"
import { neuralSplineFlow } from "pushforward/guides"
import { eightSchools, schools } from "../../models/eightSchools.ts"
import { type Arrays, recorder } from "./recorder.ts"

export const steps = 100

export interface Fitted {
  /** The bits of the parameters after the last step, in words of 32. */
  readonly parameters: ReadonlyArray<number>
  /** The bits of the objective at each draw of each step. */
  readonly objectives: ReadonlyArray<number>
  /** The ELBO at the last step. */
  readonly elbo: number
  /** Milliseconds to the end of the first step. */
  readonly ready: number
  /** Milliseconds of each further step on average. */
  readonly step: number
}

/** All that the steps of a fit depend on. */
export interface Recipe {
  readonly program: GraphProgram
  /** The first step's inputs; what it gives comes before those of the next ones. */
  readonly start: Arrays
  readonly rates: ReadonlyArray<Arrays>
}

const bitsOf = ({ buffer, byteOffset, byteLength }: TypedArray): ReadonlyArray<number> => [
  ...new Uint32Array(buffer, byteOffset, byteLength / Uint32Array.BYTES_PER_ELEMENT)
]

const fittedOf = ({ runs }: ReturnType<typeof recorder>): Fitted => {
  const [first, last] = [runs[0]!, runs.at(-1)!]
  const terms = last.outputs[3]!
  return {
    parameters: bitsOf(last.outputs[0]!),
    objectives: runs.flatMap(({ outputs }) => bitsOf(outputs[3]!)),
    elbo: Array.from(terms).reduce((sum, t) => sum + t / terms.length, 0),
    ready: first.at,
    step: (last.at - first.at) / (runs.length - 1)
  }
}

const recipeOf = ({ runs }: ReturnType<typeof recorder>): Recipe => ({
  program: runs[0]!.program,
  start: runs[0]!.inputs,
  rates: runs.map(({ inputs: { rate, count, key } }) => ({ rate: rate!, count: count!, key: key! }))
})

/** Eight schools by a neural spline flow: the start, which JavaScript finds, and the steps; and how to take them again. */
export const fitted = (options: WasmOptions): Effect.Effect<readonly [Fitted, Recipe], FitFailure> =>
  Effect.suspend(() => {
    const recorded = recorder(options)
    const fit = fitStream(eightSchools(schools), neuralSplineFlow(), { seed: 1, steps, engine: recorded.engine })
    return Effect.map(Stream.runDrain(fit), () => [fittedOf(recorded), recipeOf(recorded)] as const)
  })

/** The same steps from the same start. */
export const replayed = ({ program, start, rates }: Recipe, options: WasmOptions): Effect.Effect<Fitted, EngineError> =>
  Effect.scoped(
    Effect.gen(function* () {
      const recorded = recorder(options)
      const { run } = yield* recorded.engine.compile(program)
      let state = start
      for (const rate of rates) {
        const [parameters, first, second] = yield* run({ ...state, ...rate })
        state = { parameters: parameters!, first: first!, second: second! }
      }
      return fittedOf(recorded)
    })
  )
