/** The law of engines: they agree, on every primitive, on random programs, and on training steps. */
import "@tensorflow/tfjs"
import "@tensorflow/tfjs-backend-wasm"
import * as Effect from "effect/Effect"
import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import { realNVPStep, schoolsStep } from "./steps.ts"
import type { Engine } from "../../src/engine/engine.ts"
import { reference } from "../../src/engine/reference/reference.ts"
import { tfjsEngine } from "../../src/engine/tfjs/tfjs.ts"
import { sum } from "../../src/graph/bind.ts"
import { grad } from "../../src/graph/grad.ts"
import { newRecorder, real, within } from "../../src/graph/recorder.ts"
import { range, sizeOf } from "../../src/graph/shape.ts"
import type { Program, TypedArray } from "../../src/graph/types.ts"
import { caseProgram } from "../graph/caseProgram.ts"
import { conditionOf, longestSum } from "../graph/errorBound.ts"
import { label, primitiveCases } from "../graph/primitiveCases.ts"
import { inputValue, layout, randomProgram, record } from "../graph/randomPrograms.ts"
import { normals } from "../support/numbers.ts"

type Inputs = Readonly<Record<string, TypedArray>>

const run = (engine: Engine, program: Program, inputs: Inputs): Promise<ReadonlyArray<TypedArray>> =>
  Effect.runPromise(Effect.scoped(Effect.flatMap(engine.compile(program), (executable) => executable.run(inputs))))

const backends = ["cpu", "wasm"] as const

/** Largest difference relative to 1 + size; equal infinities and NaN differ by nothing. */
const worst = (a: TypedArray, b: TypedArray): number => {
  if (a.length !== b.length) return Infinity
  const difference = (x: number, y: number): number =>
    Object.is(x, y) || x === y ? 0 : Number.isFinite(x - y) ? Math.abs(x - y) / (1 + Math.abs(x)) : Infinity
  return Math.max(0, ...Array.from(a, (x, i) => difference(x, b[i]!)))
}

describe.each(backends)("engine tfjs %s agrees with the reference", (backend) => {
  test.each(primitiveCases.filter((c) => c.op !== "input").map((c) => [label(c), c] as const))("on %s, and its gradient", async (_, c) => {
    const { program, inputs } = caseProgram(c)
    const expected = await run(reference(), program, inputs)
    const got = await run(tfjsEngine({ backend }), program, inputs)
    expected.forEach((e, k) => expect(worst(e, got[k]!), `output ${k}`).toBeLessThan(1e-6))
  })

  test("on random programs and their gradients, within their condition", async () => {
    await fc.assert(
      fc.asyncProperty(randomProgram, layout, async (description, hidden) => {
        const graph = newRecorder(undefined)
        const { total, gradients, inputs } = within(graph, () => {
          const inputs = description.inputs.map((shape, i) => inputValue(`input ${i}`, shape, hidden[i]!))
          const shown = real(record(description, inputs).id)
          const total = sum(shown, range(shown.shape.length))
          const gradients = grad(
            total,
            inputs.map((v) => real(v.id))
          ).map((g) => sum(g, range(g.shape.length)))
          return { total, gradients, inputs }
        })
        // the condition of a gradient is a second derivative, and trigamma has none
        fc.pre(!graph.nodes.some((n) => n.op === "trigamma"))
        const data = inputs.map((v, i) => Float32Array.from(normals(31 + i, sizeOf(graph.nodes[v.id]!.shape))))
        const outputs = [total, ...gradients].map((v) => v.id)
        const program = { graph, inputs: inputs.map((v, i) => ({ node: v.id, name: `input ${i}` })), outputs }
        const feed = Object.fromEntries(data.map((d, i) => [`input ${i}`, d]))
        const expected = await run(reference(), program, feed)
        const got = await run(tfjsEngine({ backend }), program, feed)
        const values = new Map(inputs.map((v, i) => [v.id, Float64Array.from(data[i]!)] as const))
        outputs.forEach((id, k) => {
          // an operation is a few roundings in tfjs, and erf is right to 1.5e-7
          const bound = 8 * 2 ** -24 * (1 + conditionOf(graph, id, values)) * (1 + Math.log2(longestSum(graph)))
          expect(Math.abs(got[k]![0]! - expected[k]![0]!), `output ${k}`).toBeLessThanOrEqual(bound)
        })
      }),
      { seed: 11, numRuns: 40 }
    )
  })

  test.each([realNVPStep(8, 16), schoolsStep(8)])("on the training step $name", async ({ program, inputs }) => {
    const expected = await run(reference(), program, inputs)
    const got = await run(tfjsEngine({ backend }), program, inputs)
    const [parameters, , , summary] = got
    // Adam's first step moves every parameter by the rate, whatever its gradient: compare its moments, which are the gradient's
    expect(worst(expected[3]!, summary!), "summary").toBeLessThan(1e-4)
    const scale = Math.max(...expected[1]!.map(Math.abs))
    expected[1]!.forEach((m, i) => expect(Math.abs(m - got[1]![i]!)).toBeLessThan(1e-4 * scale))
    expect(parameters!.every(Number.isFinite)).toBe(true)
  })
})
