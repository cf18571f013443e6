/** Without any tfjs backend models are recorded all the same; only eager tensors have no home. */
import * as tf from "@tensorflow/tfjs-core"
import { expect, test } from "vitest"
import { evaluate } from "../../src/trace/evaluate.ts"

test("a model is traced and run", () => {
  const [y] = evaluate((x) => tf.exp(x!), [{ shape: [2], data: Float64Array.of(0, 1) }])
  expect([...y!.data]).toEqual([1, Math.E])
})

test("a tensor outside it says what to import", () => {
  expect(() => tf.tensor1d([1, 2])).toThrow(/no tfjs backend is loaded.*Import "@tensorflow\/tfjs"/)
})
