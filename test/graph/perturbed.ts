/** How far rounding can move each number of a result: arithmetic whose results are moved a little, at random. */
import { contextOf, prepare } from "../../src/graph/interpret.ts"
import { sizeOf } from "../../src/graph/shape.ts"
import type { Node, Program, TypedArray } from "../../src/graph/types.ts"
import { normals } from "../support/numbers.ts"

/** Operations that round nothing: they choose among numbers, or move them. */
const exact = new Set(
  "uniform neg abs sign stopGradient withGradientOf relu maximum minimum max min select slice unslice transpose broadcast concat gather take sort cast".split(
    " "
  )
)

/** Operations that add up. */
const sums = new Set("sum prod cumsum dot put triangularSolve cholesky scan".split(" "))

const signs = Array.from(normals(3, 4099), Math.sign)

/** So small that what it moves, moves in proportion, and passes no branch; and far above the roundings of float64. */
const STEP = 2 ** -40
const RUNS = 8

/**
 * The condition of each number of the outputs: how far it moves, relative to a small step, where every intermediate number and every input
 * moves by ± the step relative to its size (a sum of n by 1 + log₂ n times that). The largest of some runs with random signs, and at least
 * the number itself, for the last rounding. Integers are taken to be exact. Unlike `conditionOf` it is of single numbers, needs no
 * derivatives, and looks through stopped gradients.
 *
 * @see Parker 1997, "Monte Carlo arithmetic: exploiting randomness in floating-point arithmetic".
 */
export const conditionsOf = (program: Program): ((inputs: ReadonlyMap<number, TypedArray>) => ReadonlyArray<Float64Array>) => {
  const { nodes } = program.graph
  const sum = STEP * (1 + Math.log2(Math.max(1, ...nodes.map((n) => sizeOf(n.shape)))))
  let at = 0
  const move = (values: TypedArray, by: number): void => {
    for (let i = 0; i < values.length; i++) {
      at = (at + 1) % signs.length
      if (!Number.isInteger(values[i])) values[i]! *= 1 + by * signs[at]!
    }
  }
  const isFloat = ({ dtype }: Node): boolean => dtype === "f32" || dtype === "f64"
  const inspect = (node: Node, _: number, value: TypedArray): void => {
    if (isFloat(node) && !exact.has(node.op)) move(value, sums.has(node.op) ? sum : STEP)
  }
  const still = prepare(program.graph, program.outputs, contextOf("float64"))
  const moving = prepare(program.graph, program.outputs, contextOf("float64", inspect), inspect)
  return (inputs) => {
    const expected = still.run(inputs)
    const conditions = expected.map((y) => Float64Array.from(y, Math.abs))
    for (let run = 0; run < RUNS; run++) {
      const moved = new Map([...inputs].map(([id, data]) => [id, data.slice()] as const))
      for (const [id, data] of moved) if (isFloat(nodes[id]!)) move(data, STEP)
      moving.run(moved).forEach((y, k) =>
        y.forEach((v, i) => {
          const by = v === expected[k]![i] ? 0 : Math.abs(v - expected[k]![i]!) / STEP
          conditions[k]![i] = Math.max(conditions[k]![i]!, by)
        })
      )
    }
    return conditions
  }
}
