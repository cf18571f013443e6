/** What engines are given, held to what programs take. */
import { EngineError } from "../errors.ts"
import { sameShape, showShape, sizeOf } from "../graph/shape.ts"
import type { Program, TypedArray } from "../graph/types.ts"
import type { Inputs } from "./engine.ts"

const checkLength = (engine: string, name: string, length: number, value: TypedArray | undefined): void => {
  if (value?.length !== length) throw wrongInput(engine, name, length, value)
}

export const wrongInput = (engine: string, name: string, length: number, value: TypedArray | undefined): EngineError =>
  new EngineError({
    engine,
    operation: "run",
    reason:
      value === undefined
        ? `no value was given for input "${name}"`
        : `input "${name}" has ${length} elements, but ${value.length} were given`
  })

/** Throws where the next value of an input of the state is not of its kind. */
const checkCarried = (engine: string, { graph, inputs, outputs }: Program, carried: ReadonlyArray<string>): void => {
  const fail = (reason: string): never => {
    throw new EngineError({ engine, operation: "compile", reason })
  }
  const kindOf = (node: number): string => `${graph.nodes[node]!.dtype} of shape ${showShape(graph.nodes[node]!.shape)}`
  carried.forEach((name, k) => {
    const input = inputs.find((i) => i.name === name)
    if (input === undefined) return fail(`no input is named "${name}"`)
    const next = outputs[k]
    if (next === undefined) return fail(`the program gives no next value of input "${name}"`)
    const [from, to] = [graph.nodes[input.node]!, graph.nodes[next]!]
    if (from.dtype === to.dtype && sameShape(from.shape, to.shape)) return
    fail(`the next value of input "${name}" is ${kindOf(next)}, but the input is ${kindOf(input.node)}`)
  })
}

/** Throws what is wrong with the state, the rows or the number of runs. */
type Check = (state: ReadonlyArray<TypedArray>, rows: Inputs, count: number) => void

/** Throws where a program is not one to run in a row; gives the check of what each call is given. */
export const checkFor = (engine: string, program: Program, carried: ReadonlyArray<string>): Check => {
  checkCarried(engine, program, carried)
  const sizes = program.inputs.map(({ name, node, data }) => ({ name, data, size: sizeOf(program.graph.nodes[node]!.shape) }))
  const held = carried.map((name) => sizes.find((s) => s.name === name)!)
  const fed = sizes.filter(({ name, data }) => data === undefined && !carried.includes(name))
  return (state, rows, count) => {
    const fail = (reason: string): never => {
      throw new EngineError({ engine, operation: "run", reason })
    }
    if (!(Number.isSafeInteger(count) && count > 0)) fail(`the number of runs is ${count}, not a whole number above 0`)
    if (state.length > held.length) fail(`the state has ${held.length} values, but ${state.length} were given`)
    held.forEach(({ name, size }, k) => checkLength(engine, name, size, state[k]))
    for (const { name, size } of fed) checkLength(engine, name, count * size, rows[name])
  }
}
