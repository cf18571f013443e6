/** The fit that Node and a browser are held against each other by. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { type FitFailure, fitStream, type TypedArray, wasm, type WasmOptions } from "pushforward"
import { neuralSplineFlow } from "pushforward/guides"
import { eightSchools, schools } from "../../models/eightSchools.ts"

export const steps = 100

export interface Fitted {
  /** The bits of the parameters after the last step, in words of 32. */
  readonly parameters: ReadonlyArray<number>
  /** The bits of the ELBO, its error and the gradient's norm at each step. */
  readonly steps: ReadonlyArray<number>
  /** The bits of the posterior's summary and diagnostics. */
  readonly posterior: ReadonlyArray<number>
  /** The ELBO at the last step. */
  readonly elbo: number
  /** Milliseconds to the end of the first step. */
  readonly ready: number
  /** Milliseconds of each further step on average. */
  readonly step: number
}

const bitsOf = ({ buffer, byteOffset, byteLength }: TypedArray): ReadonlyArray<number> => [
  ...new Uint32Array(buffer, byteOffset, byteLength / Uint32Array.BYTES_PER_ELEMENT)
]

/** Eight schools by a neural spline flow. */
export const fitted = (options: WasmOptions): Effect.Effect<Fitted, FitFailure> =>
  Effect.gen(function* () {
    const began = performance.now()
    const taken = yield* fitStream(eightSchools(schools), neuralSplineFlow(), { seed: 1, steps, engine: wasm(options) }).pipe(
      Stream.map((step) => ({ ...step, at: performance.now() - began })),
      Stream.runCollect
    )
    const [first, last] = [taken[0]!, taken.at(-1)!]
    const { summary, diagnostics } = yield* last.posterior
    return {
      parameters: bitsOf(last.state.parameters),
      steps: bitsOf(Float64Array.from(taken.flatMap(({ info: { elbo, elboError, gradientNorm } }) => [elbo, elboError, gradientNorm]))),
      posterior: bitsOf(
        Float64Array.from([
          ...summary.flatMap(({ mean, sd, q05, q50, q95 }) => [mean, sd, q05, q50, q95]),
          ...[diagnostics.kl, diagnostics.elbo, diagnostics.meanShift, diagnostics.sdShift].flatMap(({ value, error }) => [value, error]),
          ...[diagnostics.khat, diagnostics.ess, diagnostics.largestWeight]
        ])
      ),
      elbo: last.info.elbo,
      ready: first.at,
      step: (last.at - first.at) / (taken.length - 1)
    }
  })
