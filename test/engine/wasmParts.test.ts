import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import { expect, test } from "vitest"
import type { Inputs } from "../../src/engine/engine.ts"
import { wasm } from "../../src/engine/wasm/wasm.ts"
import { sumAll } from "../../src/graph/bind.ts"
import { grad } from "../../src/graph/grad.ts"
import type { Program, TypedArray } from "../../src/graph/types.ts"
import { tensorOf, valueOf } from "../../src/trace/backend.ts"
import { placeholder, programOf, trace } from "../../src/trace/trace.ts"

const run = async (program: Program, inputs: Inputs): Promise<TypedArray> => {
  const engine = wasm({ precision: "float64" })
  const [out] = await Effect.runPromise(Effect.scoped(Effect.flatMap(engine.compile(program), (executable) => executable.run(inputs))))
  return out!
}

test.each([1, 250, 251, 700])("%i parts are joined", async (count) => {
  const program = trace(() => {
    const x = placeholder("x", [count])
    return programOf([tf.concat(Array.from({ length: count }, (_, i) => tf.mul(tf.slice(x, [count - 1 - i], [1]), i % 3)))])
  }).result
  const data = Float64Array.from({ length: count }, (_, i) => i + 1)
  expect([...(await run(program, { x: data }))]).toEqual(Array.from({ length: count }, (_, i) => (count - i) * (i % 3)))
})

test.each([96, 97, 1200])("%i operands are one sum", async (count) => {
  const program = trace(() => {
    const all = Array.from({ length: count }, (_, i) => placeholder(`x${i}`, [3]))
    return programOf([all.reduce<tf.Tensor>((sum, x, i) => tf.add(sum, tf.mul(x, (i % 5) - 2)), tf.zeros([3]))])
  }).result
  const inputs = Object.fromEntries(Array.from({ length: count }, (_, i) => [`x${i}`, Float64Array.of(i, i + 1, -i)]))
  expect([...(await run(program, inputs))]).toEqual(
    [(i: number) => i, (i: number) => i + 1, (i: number) => -i].map((f) =>
      Array.from({ length: count }, (_, i) => ((i % 5) - 2) * f(i)).reduce((a, b) => a + b, 0)
    )
  )
})

test.each([250, 251, 1100])("a gradient along %i slices", async (count) => {
  const program = trace(() => {
    const x = placeholder("x", [count])
    const terms = Array.from({ length: count }, (_, i) => tf.mul(tf.square(tf.slice(x, [i], [1])), (i % 7) + 1))
    const [gradient] = grad(sumAll(valueOf(terms.reduce((a, b) => tf.add(a, b)))), [valueOf(x)])
    return programOf([tensorOf(gradient!)])
  }).result
  const data = Float64Array.from({ length: count }, (_, i) => i - 3)
  expect([...(await run(program, { x: data }))]).toEqual([...data].map((x, i) => 2 * x * ((i % 7) + 1)))
})
