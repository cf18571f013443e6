/** What follows a product while its elements are in registers. */
import * as fc from "fast-check"
import { expect, test } from "vitest"
import { lower } from "../../src/engine/wasm/plan/lower/lower.ts"
import { unitsOf } from "../../src/engine/wasm/units/units.ts"
import { add, apply, mul, reshape, select, sum, sumAll, transpose } from "../../src/graph/bind.ts"
import { grad } from "../../src/graph/grad.ts"
import { dot } from "../../src/graph/primitive/product.ts"
import { emit, newRecorder, real, within } from "../../src/graph/recorder.ts"
import type { Shape } from "../../src/graph/types.ts"
import type { Value } from "../../src/graph/value.ts"
import { agree } from "./agree.ts"

/** The products of a program and what follows each, as `explain` tells it. */
const products = (shapes: ReadonlyArray<Shape>, build: (...x: ReadonlyArray<Value>) => ReadonlyArray<Value>): ReadonlyArray<string> => {
  const graph = newRecorder(undefined)
  const [inputs, outputs] = within(graph, () => {
    const values = shapes.map((shape, i) => real(emit("input", [], { name: `${i}`, shape }, "f32")))
    return [values.map((v) => v.id), build(...values).map((v) => v.id)]
  })
  return unitsOf(lower(graph, outputs, inputs, "float32")).flatMap((u) => (u.name === "product" ? [u.label] : []))
}

const side = fc.oneof(fc.integer({ min: 3, max: 14 }), fc.constantFrom(16, 31, 32, 64, 97))

test("biases, activations and masks, along rows and columns, with what is left of their groups", () => {
  const depth = fc.oneof(side, fc.constantFrom(255, 256, 257))
  fc.assert(
    fc.property(side, depth, side, fc.nat(7), (M, K, N, choice) => {
      const bias: Shape = choice % 4 === 0 ? [N] : choice % 4 === 1 ? [M, 1] : choice % 4 === 2 ? [M, N] : []
      agree([[M, K], [K, N], bias, [N, M], [1, N]], (x, w, b, turned, last) => {
        const product = dot(x, w)
        const hidden = apply("relu", add(mul(product, 0.3), b))
        const mask = apply("greater", transpose(turned, [1, 0]), 0)
        const masked = select(mask, dot(apply("tanh", x), w), 0)
        const both = add(apply("sigmoid", dot(apply("sin", x), w)), dot(apply("cos", x), w))
        return [
          ...(choice > 3 ? [hidden] : [dot(hidden, hidden, true, false)]),
          sum(mul(hidden, last), [1]),
          sum(hidden, [0]),
          masked,
          sum(masked, [0]),
          both,
          ...(choice === 5 ? [product] : [])
        ]
      })
    }),
    { seed: 31, numRuns: 60 }
  )
})

test("networks and their gradients", () => {
  fc.assert(
    fc.property(side, side, side, (draws, hidden, inputs) => {
      agree([[draws, inputs], [inputs, hidden], [hidden], [hidden, hidden], [hidden], [hidden, 1]], (x, w1, b1, w2, b2, w3) => {
        const scale = (w: Value): Value => mul(w, 1 / Math.sqrt(w.shape[0]!))
        const first = apply("relu", add(dot(x, scale(w1)), b1))
        const second = apply("relu", add(dot(first, scale(w2)), b2))
        const out = reshape(dot(second, scale(w3)), [draws])
        return [out, ...grad(sumAll(apply("tanh", out)), [x, w1, b1, w2, b2, w3])]
      })
    }),
    { seed: 32, numRuns: 25 }
  )
})

test("nothing of a hidden layer is written before its activation", () => {
  const network = (x: Value, w: Value, b: Value): Value => apply("relu", add(dot(x, w), b))
  const shapes = [[64, 32], [32, 48], [48]]
  expect(products(shapes, (x, w, b) => [network(x!, w!, b!)])).toEqual(["64 × 32 × 48: add, relu"])
  expect(products(shapes, (x, w, b) => [sum(network(x!, w!, b!), [1])])).toEqual(["64 × 32 × 48"])
  expect(products(shapes, (x, w, b) => [network(x!, w!, b!), dot(x!, w!)])).toEqual(["64 × 32 × 48"])
})
