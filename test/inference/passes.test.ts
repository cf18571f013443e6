/** The inverse of a flow at where its forward pass has been. */
import { describe, expect, test } from "vitest"
import { simplify } from "../../src/graph/simplify.ts"
import { backThrough, passedThrough } from "../../src/inference/passes.ts"
import { stopGradient } from "../../src/math/stopGradient.ts"
import { reference } from "../../src/engine/reference/reference.ts"
import { flatten, mapTree } from "../../src/learnable/tree.ts"
import { keyOf } from "../../src/random/key.ts"
import { cut } from "../../src/inference/step.ts"
import { gradient, placeholder, programOf, trace } from "../../src/trace/trace.ts"
import * as Effect from "effect/Effect"
import * as tf from "@tensorflow/tfjs-core"
import { normals } from "../support/numbers.ts"
import { flows, someStart } from "./support.ts"

const d = 4

const run = (program: Parameters<ReturnType<typeof reference>["compile"]>[0], inputs: Readonly<Record<string, Float64Array>>) =>
  Effect.runSync(Effect.scoped(Effect.flatMap(reference().compile(program), (executable) => executable.run(inputs))))

describe.each(Object.entries(flows))("%s", (_, guide) => {
  const learnable = guide.flow(someStart(d))
  const start = learnable.init(keyOf(1))
  const size = flatten(start).length
  const inputs = {
    parameters: flatten(start).map((p, i) => p + 0.3 * normals(7, size)[i]!),
    x: Float64Array.from(normals(8, d))
  }
  const flowAt = () => {
    const { tree } = cut(placeholder("parameters", [size], "f64"), start)
    return { flow: learnable.build(tree), stopped: learnable.build(mapTree(tree, stopGradient)) }
  }

  test("gives back what went in, the log-determinant, and the inverse's gradients", () => {
    const { result } = trace(() => {
      const x = placeholder("x", [d], "f64")
      const { flow, stopped } = flowAt()
      const plain = flow.forward(x)
      const passed = passedThrough(flow, x)
      const back = backThrough(stopped, passed.values)
      const y = stopGradient(plain.value)
      const inverse = stopped.inverse(y)
      const weights = tf.tensor1d([0.3, -1.2, 0.7, 2.1])
      const density = ({ value, logDet }: typeof inverse): tf.Tensor => tf.add(tf.sum(tf.mul(tf.square(value), weights)), logDet)
      const [throughBack] = gradient(density(back), [passed.values.at(-1)!])
      const [throughInverse] = gradient(density(inverse), [y])
      return programOf([
        tf.sub(back.value, x),
        tf.add(back.logDet, plain.logDet),
        tf.sub(plain.logDet, passed.logDet),
        throughBack!,
        throughInverse!
      ])
    })
    const [lost, opposite, parts, a, b] = run(result, inputs)
    expect([...lost!]).toEqual([0, 0, 0, 0])
    expect(Math.abs(opposite![0]!)).toBeLessThan(1e-8)
    expect(Math.abs(parts![0]!)).toBeLessThan(1e-12)
    a!.forEach((g, i) => expect(Math.abs(g - b![i]!)).toBeLessThan(1e-7 * (1 + Math.abs(b![i]!))))
    expect(Math.max(...a!.map(Math.abs))).toBeGreaterThan(0.01)
  })
})

test("networks of a coupling flow are computed once for both passes", () => {
  const learnable = flows["neural spline flow"]!.flow(someStart(d))
  const start = learnable.init(keyOf(1))
  const productsOf = (back: boolean): number => {
    const { result } = trace(() => {
      const { tree } = cut(placeholder("parameters", [flatten(start).length]), start)
      const passed = passedThrough(learnable.build(tree), placeholder("x", [d]))
      const inverse = backThrough(learnable.build(mapTree(tree, stopGradient)), passed.values)
      return programOf([passed.values.at(-1)!, passed.logDet, ...(back ? [inverse.logDet] : [])])
    })
    return simplify(result).graph.nodes.filter(({ op, shape }) => op === "dot" && shape.length === 1).length
  }
  expect(productsOf(true)).toBe(productsOf(false))
})
