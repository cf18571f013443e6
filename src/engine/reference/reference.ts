/** The reference engine: plain loops, a kernel at a time, in float64 or in each node's own dtype. The oracle for every other engine. */
import * as Effect from "effect/Effect"
import { EngineError } from "../../errors.ts"
import type { Precision } from "../../graph/interpret.ts"
import { contextOf, prepare } from "../../graph/interpret.ts"
import { simplify } from "../../graph/simplify.ts"
import type { TypedArray } from "../../graph/types.ts"
import type { Engine, Inputs } from "../engine.ts"
import { stepwise } from "../stepwise.ts"

export interface ReferenceOptions {
  readonly precision?: Precision
}

/**
 * @example
 * ```ts
 * import { reference } from "pushforward"
 *
 * const engine = reference({ precision: "float64" })
 * console.log(engine.name)
 * ```
 */
export const reference = (options: ReferenceOptions = {}): Engine => {
  const compile: Engine["compile"] = (traced) =>
    Effect.try({
      try: () => {
        const program = simplify(traced)
        const context = contextOf(options.precision ?? "float64")
        const prepared = prepare(program.graph, program.outputs, context)
        return {
          program,
          run: (inputs: Inputs) =>
            Effect.try({
              try: () => {
                const values = new Map<number, TypedArray>()
                for (const { node, name, data } of program.inputs) {
                  const value = inputs[name] ?? data
                  if (value !== undefined) values.set(node, value)
                }
                return prepared.run(values).map((v) => v.slice())
              },
              catch: (cause) => asEngineError("run", cause)
            })
        }
      },
      catch: (cause) => asEngineError("compile", cause)
    })
  return { name: "reference", compile, iterate: stepwise(compile) }
}

const asEngineError = (operation: string, cause: unknown): EngineError =>
  cause instanceof EngineError
    ? cause
    : new EngineError({ engine: "reference", operation, reason: cause instanceof Error ? cause.message : String(cause) })
