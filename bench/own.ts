/** This library's engines as systems. */
import * as Effect from "effect/Effect"
import type { Engine } from "pushforward"
import { reference, wasm } from "pushforward"
import type { Step } from "./programs.ts"
import type { Sample, System } from "./system.ts"

const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length

/** Steps of a program, each from the state that the one before left. */
export const runner = (engine: Engine, { program, inputs }: Step) =>
  Effect.map(engine.compile(program), ({ run }) => {
    let state = inputs
    let count = 0
    return (seconds: number): Effect.Effect<Sample, Error> =>
      Effect.gen(function* () {
        const times: Array<number> = []
        const objectives: Array<number> = []
        const end = performance.now() + 1000 * seconds
        while (times.length === 0 || performance.now() < end) {
          const before = performance.now()
          const [parameters, first, second, terms] = yield* run(state)
          times.push(performance.now() - before)
          objectives.push(mean(terms!))
          count++
          state = { ...state, parameters: parameters!, first: first!, second: second!, key: Uint32Array.of(0, 1, count) }
        }
        return { times, objectives }
      })
  })

const own = (name: string, engine: () => Engine): System => ({
  name,
  threads: 1,
  start: (_, step) =>
    Effect.gen(function* () {
      const sample = yield* runner(engine(), step)
      yield* sample(0)
      return { sample }
    })
})

export const ownSystems: ReadonlyArray<System> = [
  own("pushforward", () => wasm()),
  own("pushforward float64", () => wasm({ precision: "float64" })),
  own("reference", () => reference())
]
