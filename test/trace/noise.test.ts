import * as tf from "@tensorflow/tfjs-core"
import { describe, expect, test } from "vitest"
import { contextOf, prepare } from "../../src/graph/interpret.ts"
import { simplify } from "../../src/graph/simplify.ts"
import { scan } from "../../src/math/index.ts"
import type { Noise } from "../../src/trace/noiseStream.ts"
import { noiseStream } from "../../src/trace/noiseStream.ts"
import type { Axis } from "../../src/trace/axes.ts"
import { leave, newAxis, under } from "../../src/trace/axes.ts"
import { programOf, trace } from "../../src/trace/trace.ts"
import { feedOf } from "../support/gradients.ts"

type Sizes = ReadonlyArray<readonly [name: string, size: number]>

/** What `draw` gives under nested axes, shown [outer, …, inner, …event]. */
const drawn = (sizes: Sizes, draw: (noise: Noise) => tf.Tensor, key: ReadonlyArray<number> = [1, 2, 0], stream = "site"): Float64Array => {
  const { result } = trace(() => {
    const nested = (axes: ReadonlyArray<Axis>): tf.Tensor => {
      const [name, size] = sizes[axes.length] ?? ["", 0]
      if (axes.length === sizes.length) return axes.reduceRight((t, a) => leave(t, a), draw(noiseStream(stream)))
      const axis = newAxis(name, size)
      return under(axis, () => nested([...axes, axis]))
    }
    return programOf([nested([])])
  })
  const program = simplify(result)
  return Float64Array.from(prepare(program.graph, program.outputs, contextOf("float64")).run(feedOf(program, { key }))[0]!)
}

const vector = (noise: Noise): tf.Tensor => noise.uniform([3])

describe("noise", () => {
  test("the bits of a particle do not depend on how many there are", () => {
    const few = drawn([["particle", 4]], vector)
    const many = drawn([["particle", 64]], vector)
    expect([...many.slice(0, 12)]).toEqual([...few])
    expect(new Set(many).size).toBe(192)
  })

  test("nor those of a row on how many particles or rows there are", () => {
    const few = drawn(
      [
        ["particle", 2],
        ["school", 3]
      ],
      vector
    )
    const many = drawn(
      [
        ["particle", 5],
        ["school", 8]
      ],
      vector
    )
    for (let p = 0; p < 2; p++)
      for (let s = 0; s < 3; s++)
        expect([...many.slice((p * 8 + s) * 3, (p * 8 + s + 1) * 3)]).toEqual([...few.slice((p * 3 + s) * 3, (p * 3 + s + 1) * 3)])
  })

  test("step t of a scan has the noise of row t of an axis of that name", () => {
    const walk = (noise: Noise): tf.Tensor =>
      scan((c: tf.Tensor) => tf.add(tf.mul(c, 0), noise.uniform([3])), tf.zeros([3]), tf.zeros([5]), { name: "time" })
    expect([...drawn([["particle", 4]], walk)]).toEqual([
      ...drawn(
        [
          ["particle", 4],
          ["time", 5]
        ],
        vector
      )
    ])
    expect([...drawn([], walk)]).toEqual([...drawn([["time", 5]], vector)])
  })

  test("an axis that is left out of a stream shares its noise", () => {
    const shared = drawn([["particle", 4]], () => tf.add(noiseStream("site", { axes: [] }).uniform([2]), 0))
    for (let p = 1; p < 4; p++) expect([...shared.slice(2 * p, 2 * p + 2)]).toEqual([...shared.slice(0, 2)])
  })

  test.each<readonly [string, () => Float64Array]>([
    ["stream", () => drawn([["particle", 8]], vector, [1, 2, 0], "other")],
    ["step", () => drawn([["particle", 8]], vector, [1, 2, 1])],
    ["low word of the seed", () => drawn([["particle", 8]], vector, [1, 3, 0])],
    ["high word of the seed", () => drawn([["particle", 8]], vector, [2, 2, 0])],
    ["call", () => drawn([["particle", 8]], (n) => (n.uniform([1]), n.uniform([3])))],
    ["axis", () => drawn([["school", 8]], vector)]
  ])("another %s is other noise", (_, other) => {
    const before = drawn([["particle", 8]], vector)
    const after = other()
    for (let i = 0; i < 24; i++) expect(after[i]).not.toBe(before[i])
  })

  test("equal keys give equal noise", () => {
    expect([...drawn([["particle", 8]], vector)]).toEqual([...drawn([["particle", 8]], vector)])
  })

  test("uniforms and normals have their moments, and never reach the ends", () => {
    const u = drawn([["particle", 20000]], (n) => n.uniform([2]))
    const z = drawn([["particle", 20000]], (n) => n.normal([2]))
    const moment = (x: Float64Array, k: number): number => x.reduce((s, v) => s + v ** k, 0) / x.length
    // four standard errors of each
    expect(Math.abs(moment(u, 1) - 1 / 2)).toBeLessThan(4 * Math.sqrt(1 / 12 / u.length))
    expect(Math.abs(moment(u, 2) - 1 / 3)).toBeLessThan(4 * Math.sqrt(4 / 45 / u.length))
    expect(u.every((x) => x > 0 && x < 1)).toBe(true)
    expect(Math.abs(moment(z, 1))).toBeLessThan(4 / Math.sqrt(z.length))
    expect(Math.abs(moment(z, 2) - 1)).toBeLessThan(4 * Math.sqrt(2 / z.length))
    expect(Math.abs(moment(z, 3))).toBeLessThan(4 * Math.sqrt(15 / z.length))
    expect(Math.abs(moment(z, 4) - 3)).toBeLessThan(4 * Math.sqrt(96 / z.length))
    const neighbours = z.reduce((s, v, i) => s + v * (z[i + 1] ?? 0), 0) / z.length
    expect(Math.abs(neighbours)).toBeLessThan(4 / Math.sqrt(z.length))
  })

  test("equal requests under one name and call number are one node, different calls are two", () => {
    const { recorder } = trace(() => {
      const stream = noiseStream("site")
      return [stream.uniform([2]), stream.uniform([2])]
    })
    expect(recorder.nodes.filter((n) => n.op === "uniform")).toHaveLength(2)
  })

  test("is not asked for while nothing is traced", () => {
    expect(() => noiseStream("site").uniform([2])).toThrow(/noise "site".*nothing is traced/)
  })
})
