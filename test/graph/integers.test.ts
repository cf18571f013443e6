import * as tf from "@tensorflow/tfjs-core"
import { expect, test } from "vitest"
import { evaluate } from "../../src/trace/evaluate.ts"

test("the extrema of integers are those of their own range", () => {
  const input = { shape: [2, 3], data: Int32Array.of(-5, -7, -6, 4, 9, 8) }
  const [max, min] = evaluate((x) => [tf.max(x, 1), tf.min(x, 1)], [input])
  expect([...max!.data]).toEqual([-5, 9])
  expect([...min!.data]).toEqual([-7, 4])
})
