/** The compiled engine against the reference, in both precisions, fused and plain. */
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import type { Engine } from "../../src/engine/engine.ts"
import { reference } from "../../src/engine/reference/reference.ts"
import { wasm } from "../../src/engine/wasm/wasm.ts"
import { emit, newRecorder, real, within } from "../../src/graph/recorder.ts"
import { sizeOf } from "../../src/graph/shape.ts"
import type { DType, Program, Shape, TypedArray } from "../../src/graph/types.ts"
import type { Value } from "../../src/graph/value.ts"
import { normals } from "../support/numbers.ts"

const engines: ReadonlyArray<readonly [Engine, number]> = [
  [wasm({ precision: "float64" }), 1e-12],
  [wasm({ precision: "float64", fused: false }), 1e-12],
  [wasm(), 1e-5],
  [wasm({ fused: false }), 1e-5]
]

export const run = (engine: Engine, program: Program, inputs: Readonly<Record<string, TypedArray>>): ReadonlyArray<TypedArray> =>
  Effect.runSync(Effect.scoped(Effect.flatMap(engine.compile(program), (e) => e.run(inputs))))

/** Every engine gives what the reference gives, relative to the greatest number of each output. */
export const agree = (
  shapes: ReadonlyArray<Shape>,
  build: (...x: ReadonlyArray<Value>) => ReadonlyArray<Value>,
  dtype: DType = "f32"
): void => {
  const graph = newRecorder(undefined)
  const data: Record<string, TypedArray> = {}
  const program = within(graph, (): Program => {
    const values = shapes.map((shape, i) => {
      const numbers = normals(41 + i, sizeOf(shape))
      data[`${i}`] = dtype === "f32" ? Float32Array.from(numbers) : Int32Array.from(numbers, (x) => 5 * x)
      return real(emit("input", [], { name: `${i}`, shape }, dtype))
    })
    return { graph, inputs: values.map((v, i) => ({ node: v.id, name: `${i}` })), outputs: build(...values).map((v) => v.id) }
  })
  const expected = run(reference(), program, data)
  for (const [engine, tolerance] of engines) {
    run(engine, program, data).forEach((got, k) => {
      const e = expected[k]!
      expect(got.length).toBe(e.length)
      let scale = 1
      for (const y of e) if (Number.isFinite(y)) scale = Math.max(scale, Math.abs(y))
      for (let i = 0; i < e.length; i++) {
        if (Object.is(got[i], e[i]) || got[i] === e[i]) continue
        if (!(Math.abs(got[i]! - e[i]!) <= tolerance * scale)) expect.fail(`output ${k}, element ${i}: ${got[i]} instead of ${e[i]}`)
      }
    })
  }
}
