import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import { expect, test } from "vitest"
import { wasm } from "../../src/engine/wasm/wasm.ts"
import { placeholder, programOf, trace } from "../../src/trace/trace.ts"

test.each([1, 250, 251, 700])("%i parts are joined", async (count) => {
  const program = trace(() => {
    const x = placeholder("x", [count])
    return programOf([tf.concat(Array.from({ length: count }, (_, i) => tf.mul(tf.slice(x, [count - 1 - i], [1]), i % 3)))])
  }).result
  const data = Float64Array.from({ length: count }, (_, i) => i + 1)
  const [out] = await Effect.runPromise(
    Effect.scoped(Effect.flatMap(wasm({ precision: "float64" }).compile(program), (executable) => executable.run({ x: data })))
  )
  expect([...out!]).toEqual(Array.from({ length: count }, (_, i) => (count - i) * (i % 3)))
})
