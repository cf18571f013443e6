/** The reference engine: plain loops, a kernel at a time, in float64 or in each node's own dtype. The oracle for every other engine. */
import type { Precision } from "../../graph/interpret.ts"
import { contextOf, prepare } from "../../graph/interpret.ts"
import { simplify } from "../../graph/simplify.ts"
import type { TypedArray } from "../../graph/types.ts"
import { attempt } from "../attempt.ts"
import type { Engine, Inputs } from "../engine.ts"
import { stepwise } from "../stepwise.ts"

export interface ReferenceOptions {
  readonly precision?: Precision
}

const name = "reference"

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
    attempt(name, "compile", () => {
      const program = simplify(traced)
      const prepared = prepare(program.graph, program.outputs, contextOf(options.precision ?? "float64"))
      const run = (inputs: Inputs): ReadonlyArray<TypedArray> => {
        const values = new Map<number, TypedArray>()
        for (const { node, name: input, data } of program.inputs) {
          const value = inputs[input] ?? data
          if (value !== undefined) values.set(node, value)
        }
        return prepared.run(values).map((v) => v.slice())
      }
      return { program, run: (inputs) => attempt(name, "run", () => run(inputs)) }
    })
  return stepwise({ name, compile })
}
