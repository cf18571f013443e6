/** Float64 nodes in programs that are compiled in float32. */
import * as Effect from "effect/Effect"
import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { Engine } from "../../src/engine/engine.ts"
import { reference } from "../../src/engine/reference/reference.ts"
import { wasm } from "../../src/engine/wasm/wasm.ts"
import { cast, sum } from "../../src/graph/bind.ts"
import { grad } from "../../src/graph/grad.ts"
import { newRecorder, real, within } from "../../src/graph/recorder.ts"
import { range, sizeOf } from "../../src/graph/shape.ts"
import type { Program, TypedArray } from "../../src/graph/types.ts"
import type { Axis, Value } from "../../src/graph/value.ts"
import { caseProgram } from "../graph/caseProgram.ts"
import { conditionOf, longestSum } from "../graph/errorBound.ts"
import { label, primitiveCases } from "../graph/primitiveCases.ts"
import type { RandomProgram } from "../graph/randomPrograms.ts"
import { inputValue, layout, mixedProgram, randomProgram, record } from "../graph/randomPrograms.ts"
import { normals } from "../support/numbers.ts"

const run = (engine: Engine, program: Program, inputs: Readonly<Record<string, TypedArray>>): ReadonlyArray<TypedArray> =>
  Effect.runSync(Effect.scoped(Effect.flatMap(engine.compile(program), (e) => e.run(inputs))))

const single = wasm()
const oracle = reference()

/** Relative to the greatest number of the result, or to 1. */
const distance = (got: TypedArray, expected: TypedArray, rounding = 0): number => {
  if (got.length !== expected.length) return Infinity
  const scale = Math.max(1, ...[...expected].map((x) => (Number.isFinite(x) ? Math.abs(x) : 0)))
  const differences = [...got].map((x, i) => {
    const e = expected[i]!
    return Object.is(x, e) || x === e ? 0 : Math.max(0, Math.abs(x - e) - rounding * Math.abs(e)) / scale
  })
  return Math.max(0, ...differences.map((d) => (Number.isNaN(d) ? Infinity : d)))
}

describe("each primitive on float64, and its gradients", () => {
  test.each(primitiveCases.filter((c) => c.op !== "input" && c.inputs.some((i) => i.dtype === "f32")).map((c) => [label(c), c] as const))(
    "%s",
    (_, c) => {
      const { program, inputs } = caseProgram(c, "f64")
      const expected = run(oracle, program, inputs)
      run(single, program, inputs).forEach((got, i) => expect(distance(got, expected[i]!), `output ${i}`).toBeLessThan(1e-12))
    }
  )
})

const recorded = (random: RandomProgram, hidden: ReadonlyArray<ReadonlyArray<Axis>>, start: (v: Value) => Value) => {
  const graph = newRecorder(undefined)
  return within(graph, () => {
    const inputs = random.inputs.map((shape, i) => inputValue(`input ${i}`, shape, hidden[i] ?? []))
    const each = real(record(random, inputs.map(start)).id)
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
      inputs.map((v, i) => [`input ${i}`, Float32Array.from(normals(31 + i, sizeOf(graph.nodes[v.id]!.shape)))])
    )
    const sums = [total, ...gradients.map((g) => sum(g, range(g.shape.length)))].map((v) => v.id)
    return { program, data, feed: new Map(inputs.map((v, i) => [v.id, data[`input ${i}`]!])), sums }
  })
}

describe("random programs", () => {
  test("float64 throughout, fed by float32: values to 1e-10, gradients once rounded", () => {
    fc.assert(
      fc.property(randomProgram, layout, (random, hidden) => {
        const { program, data } = recorded(random, hidden, (v) => cast(v, "f64"))
        const expected = run(oracle, program, data)
        run(single, program, data).forEach((got, i) => {
          const isGradient = i >= 2
          expect(got).toBeInstanceOf(isGradient ? Float32Array : Float64Array)
          expect(distance(got, expected[i]!, isGradient ? 2 ** -24 : 0)).toBeLessThan(1e-10)
        })
      }),
      { seed: 17, numRuns: 200 }
    )
  })

  test("float32 and float64 mixed: values and gradients are rounded as the dtypes of their nodes say", () => {
    fc.assert(
      fc.property(mixedProgram, layout, (random, hidden) => {
        const { program, data, feed, sums } = recorded(random, hidden, (v) => v)
        // the condition of a gradient is a second derivative, and trigamma has none
        fc.pre(!program.graph.nodes.some((n) => n.op === "trigamma"))
        const asked = { ...program, outputs: sums }
        const [expected, got] = [oracle, single].map((engine) => run(engine, asked, data))
        sums.forEach((id, i) => {
          // functions are right to two units in the last place, four times the rounding of a sum or a product
          const roundings = conditionOf(program.graph, id, feed, (dtype) => (dtype === "f64" ? 2 ** -53 : 2 ** -24))
          const bound = 4 * roundings * (1 + Math.log2(longestSum(program.graph)))
          expect(Math.abs(got![i]![0]! - expected![i]![0]!), `output ${i}`).toBeLessThanOrEqual(bound + 1e-30)
        })
      }),
      { seed: 18, numRuns: 200 }
    )
  })
})
