/** Eight schools written for one draw, a RealNVP as its guide, 64 particles hidden: what becomes of the matrix products. */
import * as tf from "@tensorflow/tfjs-core"
import { describe, expect, test } from "vitest"
import { contextOf, prepare } from "../../src/graph/interpret.ts"
import { liveNodes } from "../../src/graph/live.ts"
import { simplify } from "../../src/graph/simplify.ts"
import type { NDArray, Shape } from "../../src/graph/types.ts"
import { noiseStream } from "../../src/trace/noiseStream.ts"
import { enter, leave, newAxis, sumOver, under } from "../../src/trace/axes.ts"
import { asTensor, constant } from "../../src/trace/tensor.ts"
import { gradient, placeholder, programOf, trace } from "../../src/trace/trace.ts"
import { differences, worstError } from "../support/differences.ts"
import { dotsOf, feedOf } from "../support/gradients.ts"
import { normals } from "../support/numbers.ts"

const [S, H] = [64, 16]
const y = [28, 8, -3, 7, -1, 1, 18, 12]
const sigma = [15, 10, 16, 11, 9, 11, 10, 18]

const shapes: Readonly<Record<string, Shape>> = Object.fromEntries(
  [0, 1].flatMap((i) => [
    [`W1 ${i}`, [5, H]],
    [`b1 ${i}`, [H]],
    [`W2 ${i}`, [H, 10]],
    [`b2 ${i}`, [10]]
  ])
)
const parameters: Readonly<Record<string, NDArray>> = Object.fromEntries(
  Object.entries(shapes).map(([name, shape], i) => [
    name,
    {
      shape,
      data: Float64Array.from(
        normals(
          i,
          shape.reduce((a, b) => a * b)
        ),
        (z) => 0.3 * z
      )
    }
  ])
)

const normal = (x: tf.Tensor, mean: tf.Tensor | number, sd: tf.Tensor | number): tf.Tensor => {
  const z = tf.div(tf.sub(x, mean), sd)
  return tf.sub(tf.sub(tf.mul(-0.5, tf.square(z)), tf.log(sd)), constant(0.5 * Math.log(2 * Math.PI)))
}

const coupling = (p: (name: string) => tf.Tensor, x: tf.Tensor, i: number): readonly [tf.Tensor, tf.Tensor] => {
  const halves = tf.split(x, 2)
  const [kept, moved] = i % 2 === 0 ? halves : halves.toReversed()
  const hidden = tf.tanh(tf.add(tf.dot(kept!, p(`W1 ${i}`)), p(`b1 ${i}`)))
  const [shift, raw] = tf.split(tf.add(tf.dot(hidden, p(`W2 ${i}`)), p(`b2 ${i}`)), 2)
  const logScale = tf.tanh(raw!)
  const out = tf.add(tf.mul(moved!, tf.exp(logScale)), shift!)
  return [tf.concat(i % 2 === 0 ? [kept!, out] : [out, kept!]), tf.sum(logScale)]
}

/** The ELBO integrand of one draw: nothing here knows of particles. */
const integrand = (p: (name: string) => tf.Tensor, base: tf.Tensor): tf.Tensor => {
  const [x1, d1] = coupling(p, base, 0)
  const [x, d2] = coupling(p, x1, 1)
  const [mu, logTau, thetas] = [tf.squeeze(tf.slice(x, [0], [1])), tf.squeeze(tf.slice(x, [1], [1])), tf.slice(x, [2], [8])]
  const tau = tf.exp(logTau)
  const schools = newAxis("school", 8)
  const local = under(schools, () => {
    const theta = enter(thetas, schools)
    return sumOver(tf.add(normal(theta, mu, tau), normal(enter(asTensor(y), schools), theta, enter(asTensor(sigma), schools))), schools)
  })
  const halfCauchy = tf.sub(constant(Math.log(2 / Math.PI / 5)), tf.log1p(tf.square(tf.div(tau, 5))))
  return tf.addN([normal(mu, 0, 5), halfCauchy, logTau, local, d1, d2, tf.neg(tf.sum(normal(base, 0, 1)))])
}

const traced = trace(() => {
  const inputs = Object.entries(shapes).map(([name, shape]) => [name, placeholder(name, shape)] as const)
  const byName = new Map(inputs)
  const particle = newAxis("particle", S)
  const { each, elbo, base } = under(particle, () => {
    const noise = noiseStream("base").normal([10])
    const one = integrand((name) => byName.get(name)!, noise)
    expect(one.shape).toEqual([])
    return { each: leave(one, particle), elbo: sumOver(one, particle, 1 / S), base: leave(noise, particle) }
  })
  return programOf([
    elbo,
    each,
    base,
    ...gradient(
      elbo,
      inputs.map(([, t]) => t)
    )
  ])
})
const program = simplify(traced.result)
const feed = feedOf(program, Object.fromEntries(Object.entries(parameters).map(([k, v]) => [k, v.data])))
const [elbo, each, base, ...gradients] = prepare(program.graph, program.outputs, contextOf("float64"))
  .run(feed)
  .map((v) => Float64Array.from(v))

const byHand = (e: ReadonlyArray<number>): number => {
  const density = (x: number, m: number, s: number): number => -0.5 * ((x - m) / s) ** 2 - Math.log(s) - 0.5 * Math.log(2 * Math.PI)
  const dense = (x: ReadonlyArray<number>, W: NDArray, b: NDArray): Array<number> =>
    [...b.data].map((c, j) => x.reduce((s, v, k) => s + v * W.data[k * W.shape[1]! + j]!, c))
  let x = [...e]
  let sum = -e.reduce((s, v) => s + density(v, 0, 1), 0)
  for (const i of [0, 1]) {
    const [kept, moved] = i === 0 ? [x.slice(0, 5), x.slice(5)] : [x.slice(5), x.slice(0, 5)]
    const out = dense(
      dense(kept, parameters[`W1 ${i}`]!, parameters[`b1 ${i}`]!).map(Math.tanh),
      parameters[`W2 ${i}`]!,
      parameters[`b2 ${i}`]!
    )
    const scaled = moved.map((v, j) => v * Math.exp(Math.tanh(out[5 + j]!)) + out[j]!)
    sum += out.slice(5).reduce((s, v) => s + Math.tanh(v), 0)
    x = i === 0 ? [...kept, ...scaled] : [...scaled, ...kept]
  }
  const [mu, logTau, ...theta] = x as [number, number, ...Array<number>]
  sum += logTau + density(mu, 0, 5) + Math.log(2 / Math.PI / 5) - Math.log1p((Math.exp(logTau) / 5) ** 2)
  return theta.reduce((s, t, j) => s + density(t, mu, Math.exp(logTau)) + density(y[j]!, t, sigma[j]!), sum)
}

describe("eight schools with a flow and hidden particles", () => {
  test("each particle's integrand is the one written by hand", () => {
    for (let s = 0; s < S; s++) expect(each![s]).toBeCloseTo(byHand([...base!.slice(10 * s, 10 * s + 10)]), 9)
    expect(elbo![0]).toBeCloseTo(each!.reduce((a, b) => a + b) / S, 9)
    expect(new Set(base).size).toBe(10 * S)
  })

  test("its gradient is right for every parameter", () => {
    const objective = prepare(program.graph, program.outputs.slice(0, 1), contextOf("float64"))
    Object.keys(shapes).forEach((name, i) => {
      const x = feed.get(program.inputs.find((p) => p.name === name)!.node) as Float64Array
      const some = [0, Math.floor(x.length / 2), x.length - 1]
      expect(
        worstError(
          gradients[i]!,
          differences(() => objective.run(feed)[0]![0]!, x, 1e-4, some)
        ),
        name
      ).toBeLessThan(1e-8)
    })
  })

  test("forward products are single ones over the particles, all products have two dimensions", () => {
    const forward = dotsOf(program.graph, program.outputs.slice(0, 1))
    expect(forward.toSorted()).toEqual([`[${S},${H}]x[${H},10]`, `[${S},${H}]x[${H},10]`, `[${S},5]x[5,${H}]`, `[${S},5]x[5,${H}]`])
    const all = dotsOf(program.graph, program.outputs)
    expect(all.filter((d) => !/^\[\d+,\d+\]x\[\d+,\d+\]$/.test(d))).toEqual([])
    expect(
      all.filter((d) => /^\[\d+,64\]x\[64,\d+\]$/.test(d)),
      "gradients of the four weights"
    ).toHaveLength(4)
    expect(all, "forward, to the weights, and to the inputs but the first layer's").toHaveLength(4 + 4 + 3)
  })

  test("parameters and their gradients never carry the particle axis", () => {
    program.outputs.slice(3).forEach((id, i) => expect(program.graph.nodes[id]!.shape).toEqual(Object.values(shapes)[i]))
    for (const id of liveNodes(program.graph, program.outputs)) {
      const { op, inputs } = program.graph.nodes[id]!
      if (op === "broadcast") expect(program.graph.nodes[inputs[0]!]!.op).not.toBe("input")
    }
    expect(Math.max(...program.graph.nodes.map((n) => n.shape.length))).toBeLessThanOrEqual(3)
  })
})

describe("a product of what varies by row with what varies by particle", () => {
  const ops = (f: (x: tf.Tensor, beta: tf.Tensor) => tf.Tensor, xs: Shape, betas: Shape) => {
    const { result } = trace(() => {
      const particle = newAxis("particle", S)
      const inputs = [placeholder("x", xs), placeholder("beta", betas)] as const
      return under(particle, () => {
        const row = newAxis("row", 20)
        const beta = enter(inputs[1], particle)
        return under(row, () => programOf([leave(leave(f(enter(inputs[0], row), beta), row), particle)]))
      })
    })
    const live = liveNodes(result.graph, result.outputs)
    return {
      dots: dotsOf(result.graph, result.outputs),
      copies: [...live].filter((i) => ["transpose", "broadcast"].includes(result.graph.nodes[i]!.op))
    }
  }

  test("is one product of two matrices, which moves nothing", () => {
    const { dots, copies } = ops((x, beta) => tf.dot(x, beta), [20, 5], [S, 5])
    expect(dots).toEqual([`[${S},5]x[5,20]`])
    expect(copies).toEqual([])
  })

  test("also where the row comes second", () => {
    const { dots, copies } = ops((x, beta) => tf.dot(beta, x), [20, 5], [S, 5])
    expect(dots).toEqual([`[${S},5]x[5,20]`])
    expect(copies).toEqual([])
  })

  test("and where each particle has a matrix of weights", () => {
    const { dots } = ops((x, W) => tf.dot(x, W), [20, 5], [S, 5, 7])
    expect(dots).toHaveLength(1)
    expect(dots[0]).toMatch(/^\[\d+,\d+\]x\[\d+,\d+\]$/)
  })
})
