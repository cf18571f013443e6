import * as Effect from "effect/Effect"
import type { EngineError } from "../errors.ts"
import { sizeOf } from "../graph/shape.ts"
import type { TypedArray } from "../graph/types.ts"
import { attempt } from "./attempt.ts"
import type { Engine, Inputs, Iterated } from "./engine.ts"
import { checkFor } from "./given.ts"

const isFinite = (values: TypedArray): boolean => {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i]!)) return false
  return true
}

const joined = (parts: ReadonlyArray<TypedArray>): TypedArray => {
  const size = parts[0]!.length
  const all = new (parts[0]!.constructor as Float64ArrayConstructor)(size * parts.length)
  parts.forEach((part, k) => all.set(part, k * size))
  return all
}

/**
 * An engine that has no loop of its own: it iterates a run at a time. For engines of yours.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { reference, stepwise } from "pushforward"
 *
 * const counts = { compiled: 0 }
 * const engine = stepwise({
 *   name: "counting",
 *   compile: (program) => Effect.tap(reference().compile(program), () => Effect.sync(() => counts.compiled++))
 * })
 * console.log(engine.name)
 * ```
 */
export const stepwise = ({ name: engine, compile }: Pick<Engine, "name" | "compile">): Engine => ({
  name: engine,
  compile,
  iterate: (program, carried) =>
    Effect.gen(function* () {
      const check = yield* attempt(engine, "compile", () => checkFor(engine, program, carried))
      const { run } = yield* compile(program)
      const fed = program.inputs.filter(({ name, data }) => data === undefined && !carried.includes(name))
      const sizes = fed.map(({ node }) => sizeOf(program.graph.nodes[node]!.shape))
      const inputsOf = (state: ReadonlyArray<TypedArray>, rows: Inputs, k: number): Inputs =>
        Object.fromEntries([
          ...carried.map((name, i) => [name, state[i]!] as const),
          ...fed.map(({ name }, i) => [name, rows[name]!.subarray(k * sizes[i]!, (k + 1) * sizes[i]!)] as const)
        ])
      return {
        program,
        run: (start, rows, count): Effect.Effect<Iterated, EngineError> =>
          Effect.gen(function* () {
            yield* attempt(engine, "run", () => check(start, rows, count))
            const recorded = program.outputs.slice(carried.length).map((): Array<TypedArray> => [])
            let [state, before, taken] = [start, start, 0]
            for (let finite = true; finite && taken < count;) {
              const outputs = yield* run(inputsOf(state, rows, taken))
              outputs.slice(carried.length).forEach((row, i) => recorded[i]!.push(row))
              finite = outputs.every(isFinite)
              if (!finite) continue
              before = state
              state = outputs.slice(0, carried.length)
              taken++
            }
            return { taken, state, before, rows: recorded.map(joined) }
          })
      }
    })
})
