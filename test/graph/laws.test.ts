import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import { full, sum } from "../../src/graph/bind.ts"
import { grad } from "../../src/graph/grad.ts"
import { contextOf, prepare } from "../../src/graph/interpret.ts"
import { newRecorder, real, within } from "../../src/graph/recorder.ts"
import type { Recorder } from "../../src/graph/recorder.ts"
import { replay } from "../../src/graph/replay.ts"
import { range, sizeOf } from "../../src/graph/shape.ts"
import { simplify } from "../../src/graph/simplify.ts"
import type { Graph, TypedArray } from "../../src/graph/types.ts"
import type { Axis, Value } from "../../src/graph/value.ts"
import { unionOf } from "../../src/graph/value.ts"
import { differences, worstError } from "../support/differences.ts"
import { normals } from "../support/numbers.ts"
import { conditionOf, longestSum } from "./errorBound.ts"
import type { RandomProgram } from "./randomPrograms.ts"
import { inputValue, layout, randomProgram, record } from "./randomPrograms.ts"

interface Recorded {
  readonly graph: Recorder
  readonly inputs: ReadonlyArray<Value>
  /** One draw's value, which may hide axes, and its sum over them. */
  readonly each: Value
  readonly total: Value
  readonly gradients: ReadonlyArray<Value>
}

const recorded = (program: RandomProgram, hidden: ReadonlyArray<ReadonlyArray<Axis>>): Recorded => {
  const graph = newRecorder(undefined)
  return within(graph, () => {
    const inputs = program.inputs.map((shape, i) => inputValue(`input ${i}`, shape, hidden[i] ?? []))
    const each = record(program, inputs)
    const shown = real(each.id)
    const total = sum(shown, range(shown.shape.length))
    return {
      graph,
      inputs,
      each,
      total,
      gradients: grad(
        total,
        inputs.map((v) => real(v.id))
      )
    }
  })
}

const feedFor = (graph: Graph, inputs: ReadonlyArray<Value>): Map<number, Float64Array> =>
  new Map(inputs.map((v, i) => [v.id, Float64Array.from(normals(31 + i, sizeOf(graph.nodes[v.id]!.shape)), Math.fround)]))

const valuesOf = (
  graph: Graph,
  ids: ReadonlyArray<number>,
  feed: ReadonlyMap<number, TypedArray>,
  precision: "float64" | "own" = "float64"
) =>
  prepare(graph, ids, contextOf(precision))
    .run(feed)
    .map((v) => Float64Array.from(v))

const none: ReadonlyArray<ReadonlyArray<Axis>> = []
const options = { seed: 20240607, numRuns: 150 }

describe("laws of random programs", () => {
  test("reverse mode agrees with differences", () => {
    fc.assert(
      fc.property(randomProgram, layout, (program, hidden) => {
        const { graph, inputs, total, gradients } = recorded(program, hidden)
        const feed = feedFor(graph, inputs)
        const got = valuesOf(
          graph,
          gradients.map((g) => g.id),
          feed
        )
        const objective = prepare(graph, [total.id], contextOf("float64"))
        inputs.forEach((v, i) => {
          const x = feed.get(v.id)!
          const some = [...new Set([0, x.length >> 1, x.length - 1])]
          expect(
            worstError(
              got[i]!,
              differences(() => objective.run(feed)[0]![0]!, x, 1e-5, some)
            )
          ).toBeLessThan(1e-6)
        })
      }),
      options
    )
  })

  test("simplification preserves values", () => {
    fc.assert(
      fc.property(randomProgram, layout, (program, hidden) => {
        const { graph, inputs, total, each, gradients } = recorded(program, hidden)
        const outputs = [total, each, ...gradients].map((v) => v.id)
        const feed = feedFor(graph, inputs)
        const simple = simplify({ graph, inputs: inputs.map((v, i) => ({ node: v.id, name: `${i}` })), outputs })
        expect(simple.graph.nodes.length).toBeLessThanOrEqual(graph.nodes.length)
        const simpleFeed = new Map(simple.inputs.map(({ node, name }) => [node, feed.get(inputs[Number(name)]!.id)!] as const))
        const before = valuesOf(graph, outputs, feed)
        const after = valuesOf(simple.graph, simple.outputs, simpleFeed)
        before.forEach((b, k) => b.forEach((x, i) => expect(after[k]![i] === x || (x !== x && after[k]![i] !== after[k]![i])).toBe(true)))
      }),
      options
    )
  })

  test("the gradient of a batched program is the batched gradient, summed over what an input does not vary over", () => {
    fc.assert(
      fc.property(randomProgram, layout, (program, hidden) => {
        const batched = recorded(program, hidden)
        const feed = feedFor(batched.graph, batched.inputs)
        const expected = valuesOf(
          batched.graph,
          batched.gradients.map((g) => g.id),
          feed
        )

        const one = recorded(program, none)
        const graph = newRecorder(undefined)
        const sums = within(graph, () => {
          const inputs = batched.inputs.map((v) => inputValue("", v.shape, v.axes))
          const [value, ...gradients] = replay(
            one.graph,
            [one.total, ...one.gradients].map((v) => v.id),
            new Map(one.inputs.map((v, i) => [v.id, inputs[i]!]))
          )
          return {
            inputs,
            each: value!,
            gradients: gradients.map((g, i) => {
              const own = inputs[i]!.axes
              const all = unionOf([value!.axes, own])
              const gone = all.flatMap((a, k) => (own.includes(a) ? [] : [k]))
              return sum(real(full(g, all)), gone)
            })
          }
        })
        const otherFeed = new Map(sums.inputs.map((v, i) => [v.id, feed.get(batched.inputs[i]!.id)!] as const))
        const [each, ...got] = valuesOf(graph, [sums.each.id, ...sums.gradients.map((g) => g.id)], otherFeed)
        const [direct] = valuesOf(batched.graph, [batched.each.id], feed)
        expect([...each!]).toHaveLength(direct!.length)
        each!.forEach((x, i) => expect(Math.abs(x - direct![i]!)).toBeLessThanOrEqual(1e-12 * (1 + Math.abs(x))))
        got.forEach((g, i) => g.forEach((x, k) => expect(Math.abs(x - expected[i]![k]!)).toBeLessThanOrEqual(1e-10 * (1 + Math.abs(x)))))
      }),
      options
    )
  })

  test("rounding to float32 moves a value no further than its condition allows", () => {
    fc.assert(
      fc.property(randomProgram, layout, (program, hidden) => {
        const { graph, inputs, total } = recorded(program, hidden)
        const feed = feedFor(graph, inputs)
        const [exact] = valuesOf(graph, [total.id], feed)
        const [rounded] = valuesOf(graph, [total.id], feed, "own")
        const bound = 2 ** -24 * conditionOf(graph, total.id, feed) * (1 + Math.log2(longestSum(graph)))
        expect(Math.abs(exact![0]! - rounded![0]!)).toBeLessThanOrEqual(bound + 1e-30)
      }),
      options
    )
  })

  test("kernels write all of their output, and no buffer is reused too early", () => {
    fc.assert(
      fc.property(randomProgram, layout, (program, hidden) => {
        const { graph, inputs, total, gradients } = recorded(program, hidden)
        const outputs = [total, ...gradients].map((v) => v.id)
        const feed = feedFor(graph, inputs)
        const everything = range(graph.nodes.length)
        const kept = valuesOf(graph, everything, feed)
        const context = contextOf("float64")
        const poisoned = { ...context, allocate: (...a: Parameters<typeof context.allocate>) => context.allocate(...a).fill(77) }
        const prepared = prepare(graph, outputs, poisoned)
        for (const run of [1, 2]) {
          void run
          prepared.run(feed).forEach((v, k) => expect([...v]).toEqual([...kept[outputs[k]!]!]))
        }
      }),
      options
    )
  })
})
