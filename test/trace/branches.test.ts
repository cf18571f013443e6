/** What was not chosen may be anything: no NaN of it reaches a gradient. */
import * as tf from "@tensorflow/tfjs-core"
import { describe, expect, test } from "vitest"
import { exp } from "../../src/special/index.ts"
import { differentiate } from "../support/gradients.ts"

const at = (...x: ReadonlyArray<number>) => [{ shape: [x.length], data: Float64Array.from(x) }]
const zero = (x: tf.Tensor): tf.Tensor => tf.zerosLike(x)

const functions: ReadonlyArray<readonly [string, (x: tf.Tensor) => tf.Tensor, (x: number) => number, (x: number) => number]> = [
  ["log", (x) => tf.where(tf.greater(x, 0), tf.log(x), zero(x)), (x) => (x > 0 ? Math.log(x) : 0), (x) => (x > 0 ? 1 / x : 0)],
  [
    "sqrt",
    (x) => tf.where(tf.greater(x, 0), tf.sqrt(x), zero(x)),
    (x) => (x > 0 ? Math.sqrt(x) : 0),
    (x) => (x > 0 ? 0.5 / Math.sqrt(x) : 0)
  ],
  ["1/x", (x) => tf.where(tf.notEqual(x, 0), tf.div(1, x), zero(x)), (x) => (x !== 0 ? 1 / x : 0), (x) => (x !== 0 ? -1 / x / x : 0)],
  [
    "x log x",
    (x) => tf.where(tf.greater(x, 0), tf.mul(x, tf.log(x)), zero(x)),
    (x) => (x > 0 ? x * Math.log(x) : 0),
    (x) => (x > 0 ? Math.log(x) + 1 : 0)
  ],
  [
    "log of a sum of logs",
    (x) => tf.where(tf.greater(x, 1), tf.log(tf.log(x)), zero(x)),
    (x) => (x > 1 ? Math.log(Math.log(x)) : 0),
    (x) => (x > 1 ? 1 / x / Math.log(x) : 0)
  ],
  [
    "exp that overflows",
    (x) => tf.where(tf.less(x, 0), tf.exp(tf.mul(x, -1000)), tf.square(x)),
    (x) => (x < 0 ? exp(-1000 * x) : x * x),
    (x) => (x < 0 ? -1000 * exp(-1000 * x) : 2 * x)
  ],
  [
    "pow",
    (x) => tf.where(tf.greater(x, 0), tf.pow(x, 0.5), zero(x)),
    (x) => (x > 0 ? Math.sqrt(x) : 0),
    (x) => (x > 0 ? 0.5 / Math.sqrt(x) : 0)
  ],
  [
    "maximum of log and 0",
    (x) => tf.maximum(tf.where(tf.greater(x, 0), tf.log(x), zero(x)), 0),
    (x) => (x > 1 ? Math.log(x) : 0),
    (x) => (x > 1 ? 1 / x : 0)
  ],
  [
    "nested gates",
    (x) => tf.where(tf.greater(x, 0), tf.where(tf.greater(x, 1), tf.sqrt(tf.sub(x, 1)), tf.log(x)), tf.square(x)),
    (x) => (x > 1 ? Math.sqrt(x - 1) : x > 0 ? Math.log(x) : x * x),
    (x) => (x > 1 ? 0.5 / Math.sqrt(x - 1) : x > 0 ? 1 / x : 2 * x)
  ],
  [
    "relu before sqrt",
    (x) => tf.where(tf.greater(x, 0), tf.sqrt(tf.relu(x)), zero(x)),
    (x) => Math.sqrt(Math.max(x, 0)),
    (x) => (x > 0 ? 0.5 / Math.sqrt(x) : 0)
  ],
  [
    "atanh outside",
    (x) => tf.where(tf.less(tf.abs(x), 1), tf.atanh(x), zero(x)),
    (x) => (Math.abs(x) < 1 ? Math.atanh(x) : 0),
    (x) => (Math.abs(x) < 1 ? 1 / (1 - x * x) : 0)
  ]
]

const points = [-2, -1, -0.5, 0, 0.25, 2, 3]

describe("branches that are not taken", () => {
  test.each(functions)("%s", (_, f, value, derivative) => {
    for (const x of points.filter((p) => Number.isFinite(value(p)))) {
      const d = differentiate((t) => tf.sum(f(t)), at(x))
      expect(d.value, `at ${x}`).toBeCloseTo(value(x), 10)
      expect(d.gradients[0]![0], `at ${x}`).toBeCloseTo(derivative(x), 10)
    }
  })

  test("a sum over rows of which some are not taken", () => {
    const d = differentiate((x) => tf.log(tf.sum(tf.where(tf.greater(x, 0), tf.log(x), zero(x)))), at(0, 2, -1, 3))
    const s = Math.log(2) + Math.log(3)
    expect(d.value).toBeCloseTo(Math.log(s), 12)
    ;[0, 1 / 2 / s, 0, 1 / 3 / s].forEach((g, i) => expect(d.gradients[0]![i]).toBeCloseTo(g, 12))
  })

  test("a network behind a gate", () => {
    const f = (x: tf.Tensor): tf.Tensor => {
      const network = tf.relu(
        tf.dot(
          tf.log(x),
          tf.tensor2d([
            [1, -1],
            [0.5, 2]
          ])
        )
      )
      return tf.sum(tf.where(tf.greater(tf.min(x), 0), network, tf.zerosLike(network)))
    }
    expect([...differentiate(f, at(0, 2)).gradients[0]!]).toEqual([0, 0])
    const d = differentiate(f, at(2, 3))
    expect(d.error()).toBeLessThan(1e-8)
  })

  test("networks of relus pay nothing for it", () => {
    const layer = (x: tf.Tensor): tf.Tensor =>
      tf.relu(
        tf.dot(
          x,
          tf.tensor2d([
            [1, -1],
            [0.5, 2]
          ])
        )
      )
    const { program, error } = differentiate((x) => tf.sum(layer(layer(tf.exp(x)))), at(0.3, 0.7))
    expect(program.graph.nodes.filter((n) => n.op === "equal")).toEqual([])
    expect(error()).toBeLessThan(1e-8)
  })

  test("a NaN that was taken stays", () => {
    const d = differentiate((x) => tf.sum(tf.where(tf.greater(x, -5), tf.log(x), zero(x))), at(-1, 2))
    expect(d.value).toBeNaN()
  })
})

describe("conventions where a derivative does not exist", () => {
  const gradientOf = (f: (x: tf.Tensor) => tf.Tensor, ...x: ReadonlyArray<number>) => [
    ...differentiate((t) => tf.sum(f(t)), at(...x)).gradients[0]!
  ]

  test("an extremum shares its cotangent evenly among ties", () => {
    expect(gradientOf((x) => tf.max(x), 1, 3, 3)).toEqual([0, 0.5, 0.5])
    expect(gradientOf((x) => tf.min(x), 1, 1, 3)).toEqual([0.5, 0.5, 0])
  })

  test("relu and abs have derivative 0 at 0", () => {
    expect(gradientOf((x) => tf.relu(x), 0)).toEqual([0])
    expect(gradientOf((x) => tf.abs(x), 0)).toEqual([0])
  })

  test("powers at 0", () => {
    expect(gradientOf((x) => tf.pow(x, 2), 0)).toEqual([0])
    expect(gradientOf((x) => tf.pow(x, 1), 0)).toEqual([1])
    expect(gradientOf((x) => tf.pow(x, 0), 0)).toEqual([0])
    expect(gradientOf((x) => tf.pow(x, 3), -2)).toEqual([12])
    expect(gradientOf((x) => tf.pow(tf.zerosLike(x), x), 2)).toEqual([0])
    expect(gradientOf((x) => tf.pow(x, 0.5), 0)).toEqual([Infinity])
  })

  test("a product with zeros", () => {
    expect(gradientOf((x) => tf.prod(x), 0, 2, 3)).toEqual([6, 0, 0])
    expect(gradientOf((x) => tf.prod(x), 0, 2, 0)).toEqual([0, 0, 0])
    expect(gradientOf((x) => tf.cumprod(x), 2, 0, 3)).toEqual([1, 2 + 6, 0])
  })

  test("equal elements that are sorted keep their order", () => {
    expect(gradientOf((x) => tf.slice(tf.topk(x, 2).values, [0], [1]), 1, 3, 3)).toEqual([0, 1, 0])
  })
})
