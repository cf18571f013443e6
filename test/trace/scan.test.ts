import "@tensorflow/tfjs"
import * as tf from "@tensorflow/tfjs-core"
import { beforeAll, describe, expect, test } from "vitest"
import { contextOf, prepare } from "../../src/graph/interpret.ts"
import { liveNodes } from "../../src/graph/live.ts"
import type { NDArray, Shape } from "../../src/graph/types.ts"
import { scan } from "../../src/math/index.ts"
import { noiseStream } from "../../src/trace/noiseStream.ts"
import { enter, leave, newAxis, sumOver, under } from "../../src/trace/axes.ts"
import { placeholder, programOf, trace } from "../../src/trace/trace.ts"
import { differentiate, dotsOf, feedOf } from "../support/gradients.ts"
import { normals } from "../support/numbers.ts"

const [T, K, S, N] = [5, 3, 4, 2]
const array = (seed: number, ...shape: Shape): NDArray => ({
  shape,
  data: Float64Array.from(
    normals(
      seed,
      shape.reduce((a, b) => a * b, 1)
    ),
    (z) => 0.5 * z
  )
})
const weights = array(1, K, K)
const bias = array(2, K)
const first = array(3, K)
const series = array(4, N, T, 1)

/** h ← tanh(h W + b) + x + 0.3 ε, for particles and series. */
const recurrent = (noise: boolean, over: (h: tf.Tensor) => tf.Tensor) => (W: tf.Tensor, b: tf.Tensor, h0: tf.Tensor, xs: tf.Tensor) => {
  const particle = newAxis("particle", S)
  return under(particle, () => {
    const plate = newAxis("series", N)
    return under(plate, () => {
      const stream = noiseStream("eps")
      const hs = scan(
        (h: tf.Tensor, x: tf.Tensor) => {
          const next = tf.add(tf.tanh(tf.add(tf.dot(h, W), b)), x)
          return noise ? tf.add(next, tf.mul(0.3, stream.normal([K]))) : next
        },
        h0,
        enter(xs, plate)
      )
      expect(hs.shape).toEqual([T, K])
      return sumOver(sumOver(over(hs), plate), particle)
    })
  })
}

beforeAll(() => tf.setBackend("cpu"))

describe("scan", () => {
  test("is the loop over particles, rows and steps", () => {
    const { value } = differentiate(recurrent(false, (h) => tf.sum(tf.square(h))) as never, [weights, bias, first, series])
    let expected = 0
    for (let n = 0; n < N; n++) {
      let h = [...first.data]
      for (let t = 0; t < T; t++) {
        h = h.map((_, j) => Math.tanh(h.reduce((s, v, k) => s + v * weights.data[k * K + j]!, bias.data[j]!)) + series.data[n * T + t]!)
        expected += S * h.reduce((s, v) => s + v * v, 0)
      }
    }
    expect(value).toBeCloseTo(expected, 10)
  })

  test.each([false, true])("has the gradient of weights, bias, first carry and rows (noise: %s)", (noise) => {
    const d = differentiate(recurrent(noise, (h) => tf.sum(tf.mul(h, tf.cos(h)))) as never, [weights, bias, first, series])
    expect(d.error()).toBeLessThan(1e-9)
    for (const g of d.gradients) expect(g.some((x) => x !== 0)).toBe(true)
  })

  test("noise is fresh for each step, row and particle", () => {
    const { result: program } = trace(() => {
      const axis = newAxis("particle", S)
      return under(axis, () => {
        const stream = noiseStream("eps")
        const walk = scan(
          (c: tf.Tensor, x: tf.Tensor) => tf.add(tf.mul(c, 0), tf.add(tf.mul(x, 0), stream.uniform([2]))),
          tf.zeros([2]),
          tf.zeros([T])
        )
        return programOf([leave(walk, axis)])
      })
    })
    const [values] = prepare(program.graph, program.outputs, contextOf("float64")).run(feedOf(program, {}))
    expect(values!.length).toBe(S * T * 2)
    expect(new Set(values).size).toBe(S * T * 2)
  })

  test("the weight gradient is one product over steps, rows and particles", () => {
    const { program } = differentiate(recurrent(true, (h) => tf.sum(h)) as never, [weights, bias, first, series])
    const products = dotsOf(program.graph, program.outputs.slice(1, 2))
    expect(products.filter((p) => p === `[${K},${T * S * N}]x[${T * S * N},${K}]`)).toHaveLength(1)
    expect(products.filter((p) => p.includes(`${T * S * N}`))).toHaveLength(products.length)
    const scans = [...liveNodes(program.graph, program.outputs)].filter((i) => program.graph.nodes[i]!.op === "scan")
    expect(scans).toHaveLength(2)
  })

  test("carries several tensors by name, and rows too", () => {
    const f = (a: tf.Tensor, b: tf.Tensor, xs: tf.Tensor, ys: tf.Tensor) => {
      const out = scan(
        ({ level, slope }: { level: tf.Tensor; slope: tf.Tensor }, { x, y }: { x: tf.Tensor; y: tf.Tensor }) => ({
          level: tf.add(level, tf.mul(slope, x)),
          slope: tf.tanh(tf.add(slope, tf.mul(y, tf.sum(level))))
        }),
        { level: a, slope: b },
        { x: xs, y: ys }
      )
      expect([out.level.shape, out.slope.shape]).toEqual([[T, 2], [T]])
      return tf.add(tf.sum(tf.square(out.level)), tf.sum(tf.exp(out.slope)))
    }
    const inputs = [array(5, 2), array(6), array(7, T), array(8, T)]
    const d = differentiate(f as never, inputs)
    expect(d.error()).toBeLessThan(1e-9)
    const eager = tf.tidy(
      () =>
        f(
          ...(inputs.map((x) => tf.tensor(Float32Array.from(x.data), [...x.shape])) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor])
        ).dataSync()[0]!
    )
    expect(d.value).toBeCloseTo(eager, 4)
  })

  test("a weight that varies over particles leaves the carry of a plate's rows apart", () => {
    const f = (scale: tf.Tensor, xs: tf.Tensor) => {
      const particle = newAxis("particle", S)
      return under(particle, () => {
        const plate = newAxis("series", N)
        const w = enter(scale, particle)
        return under(plate, () => {
          const c = scan((c: tf.Tensor, x: tf.Tensor) => tf.sin(tf.add(tf.mul(w, c), x)), tf.scalar(0.5), enter(xs, plate))
          return sumOver(sumOver(tf.sum(c), plate), particle)
        })
      })
    }
    const inputs = [array(9, S), array(10, N, T)]
    const d = differentiate(f, inputs)
    let expected = 0
    for (const w of inputs[0]!.data)
      for (let n = 0; n < N; n++) for (let t = 0, c = 0.5; t < T; t++) expected += c = Math.sin(w * c + inputs[1]!.data[n * T + t]!)
    expect(d.value).toBeCloseTo(expected, 10)
    expect(d.error()).toBeLessThan(1e-9)
  })

  test("inside another scan", () => {
    const f = (w: tf.Tensor, xs: tf.Tensor) => {
      const outer = scan(
        (c: tf.Tensor, row: tf.Tensor) => {
          const inner = scan((d: tf.Tensor, x: tf.Tensor) => tf.tanh(tf.add(tf.mul(w, d), tf.mul(x, c))), c, row)
          return tf.add(tf.sum(inner), c)
        },
        tf.scalar(0.3),
        xs
      )
      return tf.sum(outer)
    }
    const inputs = [array(11), array(12, 3, 4)]
    const d = differentiate(f, inputs)
    const w = inputs[0]!.data[0]!
    let c = 0.3
    let expected = 0
    for (let t = 0; t < 3; t++) {
      let inner = 0
      for (let k = 0, e = c; k < 4; k++) inner += e = Math.tanh(w * e + inputs[1]!.data[t * 4 + k]! * c)
      expected += c = inner + c
    }
    expect(d.value).toBeCloseTo(expected, 10)
    expect(d.error()).toBeLessThan(1e-9)
  })

  test("uses a value of an enclosing plate, and one step is allowed", () => {
    const f = (x: tf.Tensor) => tf.sum(scan((c: tf.Tensor, r: tf.Tensor) => tf.mul(tf.add(c, r), x), tf.scalar(1), tf.reshape(x, [1])))
    const d = differentiate(f, [{ shape: [], data: Float64Array.of(0.7) }])
    expect(d.value).toBeCloseTo((1 + 0.7) * 0.7, 12)
    expect(d.gradients[0]![0]).toBeCloseTo(1 + 2 * 0.7, 12)
  })

  test("says which carry changes its shape, and that there are no rows", () => {
    const wrong = () => trace(() => scan((c: tf.Tensor) => tf.concat([c, c]), placeholder("c", [2]), tf.zeros([T]), { name: "walk" }))
    expect(wrong).toThrow(/walk.*next carry in the shape of the first, \[2\].*\[4\]/)
    expect(() => trace(() => scan((c: tf.Tensor) => c, tf.zeros([2]), tf.zeros([0]), { name: "walk" }))).toThrow(
      /walk\.xs: expected at least one row/
    )
  })
})
