/** This library's engines as systems. */
import * as Effect from "effect/Effect"
import type { Engine, EngineError, TypedArray } from "pushforward"
import { reference, wasm } from "pushforward"
import { stateInputs } from "../src/inference/step.ts"
import type { Step } from "./programs.ts"
import type { Sample, System } from "./system.ts"

/** Milliseconds of one call, which a fit fills with steps. */
const call = 10

/** Steps of a program, each from the state that the one before left, some at a time. */
export const runner = (engine: Engine, { program, inputs }: Step) =>
  Effect.map(engine.iterate(program, stateInputs), ({ run }) => {
    let state = stateInputs.map((name) => inputs[name]!)
    let taken = 0
    let count = 1
    return (seconds: number): Effect.Effect<Sample, EngineError> =>
      Effect.gen(function* () {
        const times: Array<number> = []
        const objectives: Array<number> = []
        const end = performance.now() + 1000 * seconds
        while (times.length === 0 || performance.now() < end) {
          const rows = {
            rate: new Float64Array(count).fill(inputs["rate"]![0]!),
            count: new Float64Array(count).fill(1),
            key: Uint32Array.from({ length: 3 * count }, (_, i) => [0, 1, taken + Math.floor(i / 3)][i % 3]!)
          }
          const before = performance.now()
          const iterated = yield* run(state, rows, count)
          const each = (performance.now() - before) / count
          times.push(each)
          for (let k = 0; k < count; k++) objectives.push(iterated.rows[0]![3 * k]!)
          state = iterated.state as Array<TypedArray>
          taken += count
          count = Math.max(1, Math.min(2 * count, Math.floor(call / each)))
        }
        return { times, objectives }
      })
  })

const own = (name: string, engine: () => Engine, threads = 1): System => ({
  name,
  threads,
  start: (_, step) =>
    Effect.gen(function* () {
      const sample = yield* runner(engine(), step)
      // with threads, the first calls choose
      for (let i = 0; i < (threads > 1 ? 25 : 1); i++) yield* sample(0)
      return { sample }
    })
})

export const ownSystems: ReadonlyArray<System> = [
  own("pushforward", () => wasm()),
  own("pushforward", () => wasm({ threads: 2 }), 2),
  own("pushforward float64", () => wasm({ precision: "float64" })),
  own("reference", () => reference())
]
