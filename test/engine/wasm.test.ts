import * as Effect from "effect/Effect"
import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import { reference } from "../../src/engine/reference/reference.ts"
import { isSupported } from "../../src/engine/wasm/plan/lower/rules.ts"
import { wasm } from "../../src/engine/wasm/wasm.ts"
import type { Engine } from "../../src/engine/engine.ts"
import { sum } from "../../src/graph/bind.ts"
import { grad } from "../../src/graph/grad.ts"
import { primitives } from "../../src/graph/primitive/table.ts"
import { newRecorder, real, within } from "../../src/graph/recorder.ts"
import { range, sizeOf } from "../../src/graph/shape.ts"
import type { Program, TypedArray } from "../../src/graph/types.ts"
import { caseProgram } from "../graph/caseProgram.ts"
import { conditionOf, longestSum } from "../graph/errorBound.ts"
import { label, primitiveCases } from "../graph/primitiveCases.ts"
import { inputValue, layout, randomProgram, record } from "../graph/randomPrograms.ts"
import { normals } from "../support/numbers.ts"

const run = (engine: Engine, program: Program, inputs: Readonly<Record<string, TypedArray>>): ReadonlyArray<TypedArray> =>
  Effect.runSync(Effect.scoped(Effect.flatMap(engine.compile(program), (e) => e.run(inputs))))

const double = wasm({ precision: "float64" })
const single = wasm()
const oracle = reference()

/** Relative to the greatest number of the result, or to 1. */
const distance = (got: TypedArray, expected: TypedArray): number => {
  if (got.length !== expected.length) return Infinity
  const scale = Math.max(1, ...[...expected].map((x) => (Number.isFinite(x) ? Math.abs(x) : 0)))
  const differences = [...got].map((x, i) => (Object.is(x, expected[i]) || x === expected[i] ? 0 : Math.abs(x - expected[i]!) / scale))
  return Math.max(0, ...differences.map((d) => (Number.isNaN(d) ? Infinity : d)))
}

test("every primitive has a kernel", () => {
  expect(Object.keys(primitives()).filter((op) => !isSupported(op))).toEqual([])
})

describe("each primitive and its gradients, against the reference", () => {
  test.each(primitiveCases.filter((c) => c.op !== "input").map((c) => [label(c), c] as const))("%s", (_, c) => {
    const { program, inputs } = caseProgram(c)
    const expected = run(oracle, program, inputs)
    run(double, program, inputs).forEach((got, i) => expect(distance(got, expected[i]!), `float64, output ${i}`).toBeLessThan(1e-12))
    run(single, program, inputs).forEach((got, i) => expect(distance(got, expected[i]!), `float32, output ${i}`).toBeLessThan(2e-5))
  })
})

const recorded = (random: Parameters<typeof record>[0], hidden: Parameters<typeof inputValue>[2][]) => {
  const graph = newRecorder(undefined)
  return within(graph, () => {
    const inputs = random.inputs.map((shape, i) => inputValue(`input ${i}`, shape, hidden[i] ?? []))
    const each = real(record(random, inputs).id)
    const total = sum(each, range(each.shape.length))
    const gradients = grad(
      total,
      inputs.map((v) => real(v.id))
    )
    const program: Program = {
      graph,
      inputs: inputs.map((v, i) => ({ node: v.id, name: `input ${i}` })),
      outputs: [total, each, ...gradients].map((v) => v.id)
    }
    const data = Object.fromEntries(
      inputs.map((v, i) => [`input ${i}`, Float64Array.from(normals(31 + i, sizeOf(graph.nodes[v.id]!.shape)), Math.fround)])
    )
    return { program, data, feed: new Map(inputs.map((v, i) => [v.id, data[`input ${i}`]!])), total: total.id }
  })
}

describe("random programs", () => {
  test("float64 agrees with the reference", () => {
    fc.assert(
      fc.property(randomProgram, layout, (random, hidden) => {
        const { program, data } = recorded(random, [...hidden])
        const expected = run(oracle, program, data)
        run(double, program, data).forEach((got, i) => expect(distance(got, expected[i]!)).toBeLessThan(1e-10))
      }),
      { seed: 7, numRuns: 300 }
    )
  })

  test("float32 stays within its rounding bound", () => {
    fc.assert(
      fc.property(randomProgram, layout, (random, hidden) => {
        const { program, data, feed, total } = recorded(random, [...hidden])
        const [expected] = run(oracle, program, data)
        const [got] = run(single, { ...program, outputs: [total] }, data)
        // functions are right to two units in the last place, four times the rounding of a sum or a product
        const bound = 4 * 2 ** -24 * conditionOf(program.graph, total, feed) * (1 + Math.log2(longestSum(program.graph)))
        expect(Math.abs(got![0]! - expected![0]!)).toBeLessThanOrEqual(bound + 1e-30)
      }),
      { seed: 8, numRuns: 300 }
    )
  })
})
