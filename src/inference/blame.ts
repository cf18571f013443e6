/** Where a number first went wrong: the step replayed on the reference kernels, with a look at each node. */
import { contextOf, prepare } from "../graph/interpret.ts"
import type { Node, Program, TypedArray } from "../graph/types.ts"

const firstBad = (values: TypedArray, allowInfinity: boolean): boolean => {
  for (const v of values) if (Number.isNaN(v) || (!allowInfinity && !Number.isFinite(v))) return true
  return false
}

class Found extends Error {
  readonly node: Node
  readonly value: TypedArray
  constructor(node: Node, value: TypedArray) {
    super()
    this.node = node
    this.value = value
  }
}

const replay = (program: Program, inputs: Readonly<Record<string, TypedArray>>, allowInfinity: boolean): Found | undefined => {
  const values = new Map(
    program.inputs.flatMap(({ node, name, data }) => {
      const value = inputs[name] ?? data
      return value === undefined ? [] : [[node, value] as const]
    })
  )
  const inspect = (node: Node, _: number, value: TypedArray): void => {
    if ((node.dtype === "f32" || node.dtype === "f64") && firstBad(value, allowInfinity)) throw new Found(node, value)
  }
  try {
    prepare(program.graph, program.outputs, contextOf("float64", inspect), inspect).run(values)
    return undefined
  } catch (error) {
    if (error instanceof Found) return error
    throw error
  }
}

/** The site, parameter or layer whose value is the first NaN; where there is none, the first infinite one. */
export const whereNonFinite = (
  program: Program,
  inputs: Readonly<Record<string, TypedArray>>
): { readonly where: string; readonly remedy: string } => {
  const found = replay(program, inputs, true) ?? replay(program, inputs, false)
  if (found === undefined) {
    return { where: "in the engine's arithmetic", remedy: "In float64 the same step is finite: fit with an engine in float64." }
  }
  const { node, value } = found
  const kind = value.some(Number.isNaN) ? "NaN" : "infinite"
  return {
    where: `${node.origin === "" ? "outside all sites" : node.origin}, operation ${node.op}, shape [${node.shape.join(", ")}] (${kind})`,
    remedy: "Look at the scale of the data and the priors there: a smaller learning rate, standardised data or a narrower prior usually cures it."
  }
}
