/** Elementwise functions in float64, near 0 and far out, where eager tfjs's float32 says nothing: values and derivatives. */
import * as tf from "@tensorflow/tfjs-core"
import { describe, expect, test } from "vitest"
import { differentiate } from "../support/gradients.ts"

type F = (x: number) => number
const sigmoid: F = (x) => (x > 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)))

/** Name, tfjs function, value, derivative, and where it is defined. */
const functions: ReadonlyArray<readonly [string, (x: tf.Tensor) => tf.Tensor, F, F, (x: number) => boolean]> = [
  ["exp", tf.exp, Math.exp, Math.exp, (x) => x < 700],
  ["expm1", tf.expm1, Math.expm1, Math.exp, (x) => x < 700],
  ["log", tf.log, Math.log, (x) => 1 / x, (x) => x > 0],
  ["log1p", tf.log1p, Math.log1p, (x) => 1 / (1 + x), (x) => x > -1],
  ["sqrt", tf.sqrt, Math.sqrt, (x) => 0.5 / Math.sqrt(x), (x) => x > 0],
  ["rsqrt", tf.rsqrt, (x) => 1 / Math.sqrt(x), (x) => -0.5 / x / Math.sqrt(x), (x) => x > 1e-200],
  ["tanh", tf.tanh, Math.tanh, (x) => 1 / Math.cosh(x) ** 2, (x) => Math.abs(x) < 10],
  ["sigmoid", tf.sigmoid, sigmoid, (x) => sigmoid(x) * sigmoid(-x), (x) => x < 15],
  ["logSigmoid", tf.logSigmoid, (x) => Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x))), (x) => sigmoid(-x), () => true],
  ["softplus", tf.softplus, (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), sigmoid, () => true],
  ["sinh", tf.sinh, Math.sinh, Math.cosh, (x) => Math.abs(x) < 700],
  ["cosh", tf.cosh, Math.cosh, Math.sinh, (x) => Math.abs(x) < 700],
  ["asinh", tf.asinh, Math.asinh, (x) => 1 / Math.hypot(1, x), () => true],
  ["acosh", tf.acosh, Math.acosh, (x) => 1 / Math.sqrt((x - 1) * (x + 1)), (x) => x > 1],
  ["atanh", tf.atanh, Math.atanh, (x) => 1 / ((1 - x) * (1 + x)), (x) => Math.abs(x) < 1],
  ["asin", tf.asin, Math.asin, (x) => 1 / Math.sqrt((1 - x) * (1 + x)), (x) => Math.abs(x) < 1],
  ["acos", tf.acos, Math.acos, (x) => -1 / Math.sqrt((1 - x) * (1 + x)), (x) => Math.abs(x) < 1],
  ["atan", tf.atan, Math.atan, (x) => 1 / (1 + x * x), () => true],
  ["sin", tf.sin, Math.sin, Math.cos, (x) => Math.abs(x) < 100],
  ["tan", tf.tan, Math.tan, (x) => 1 / Math.cos(x) ** 2, (x) => Math.abs(x) < 1],
  ["elu", tf.elu, (x) => (x > 0 ? x : Math.expm1(x)), (x) => (x > 0 ? 1 : Math.exp(x)), (x) => x !== 0],
  ["square", tf.square, (x) => x * x, (x) => 2 * x, () => true],
  ["reciprocal", tf.reciprocal, (x) => 1 / x, (x) => -1 / x / x, (x) => Math.abs(x) > 1e-100]
]

const points = [0, 1e-300, 1e-20, 1e-8, 1e-3, 0.25, 0.999999, 1, 2.5, 20, 300, 1e5].flatMap((x) => (x === 0 ? [0] : [x, -x]))
const relative = (a: number, b: number): number => (a === b ? 0 : Math.abs(a - b) / Math.max(Math.abs(b), 1e-300))

describe("elementwise functions in float64", () => {
  test.each(functions)("%s", (_, f, value, derivative, defined) => {
    for (const x of points.filter(defined)) {
      const d = differentiate(f, [{ shape: [], data: Float64Array.of(x) }])
      expect(relative(d.value, value(x)), `value at ${x}: ${d.value}`).toBeLessThan(1e-11)
      expect(relative(d.gradients[0]![0]!, derivative(x)), `derivative at ${x}: ${d.gradients[0]![0]}`).toBeLessThan(1e-9)
    }
  })
})
