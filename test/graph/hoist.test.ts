import * as tf from "@tensorflow/tfjs-core"
import * as fc from "fast-check"
import { expect, test } from "vitest"
import { sumAll } from "../../src/graph/bind.ts"
import { grad } from "../../src/graph/grad.ts"
import { hoistScans } from "../../src/graph/hoist.ts"
import { contextOf, prepare } from "../../src/graph/interpret.ts"
import type { ScanAttributes } from "../../src/graph/primitive/scan.ts"
import { real } from "../../src/graph/recorder.ts"
import { sizeOf } from "../../src/graph/shape.ts"
import type { Graph } from "../../src/graph/types.ts"
import { scan } from "../../src/math/index.ts"
import { tensorOf, valueOf } from "../../src/trace/backend.ts"
import { placeholder, programOf, trace } from "../../src/trace/trace.ts"
import { normals } from "../support/numbers.ts"

type Step = (carry: tf.Tensor, row: tf.Tensor, weights: tf.Tensor, wide: tf.Tensor) => tf.Tensor

/** A scan of 5 rows of two numbers, its gradients too. */
const scanned = (step: Step, gradients = true) =>
  trace(() => {
    const [first, rows, weights, wide] = [placeholder("c", [2]), placeholder("x", [5, 2]), placeholder("w", [2, 2]), placeholder("v", [50])]
    const carries = scan((c: tf.Tensor, x: tf.Tensor) => step(c, x, weights, wide), first, rows)
    const all = [first, rows, weights, wide].map(valueOf)
    const found = gradients
      ? grad(
          sumAll(valueOf(tf.square(carries))),
          all.map((v) => real(v.id))
        )
      : []
    return programOf([carries, ...found.map(tensorOf)])
  }).result

const scansOf = ({ nodes }: Graph): ReadonlyArray<ScanAttributes> =>
  nodes.flatMap((n) => (n.op === "scan" ? [n.attributes as ScanAttributes] : []))

const opsIn = (graph: Graph): ReadonlyArray<string> => scansOf(graph).flatMap((s) => s.body.nodes.map((n) => n.op))

const values = (program: ReturnType<typeof scanned>, graph: Graph, at: (node: number) => number): ReadonlyArray<ReadonlyArray<number>> =>
  prepare(graph, program.outputs.map(at), contextOf("float64"))
    .run(
      new Map(program.inputs.map(({ node }, i) => [at(node), Float64Array.from(normals(7 + i, sizeOf(program.graph.nodes[node]!.shape)))]))
    )
    .map((y) => [...y])

const hoisted = (program: ReturnType<typeof scanned>) => hoistScans(program.graph, program.outputs)

const terms: ReadonlyArray<Step> = [
  (c) => tf.tanh(c),
  (_, x) => tf.exp(tf.mul(x, 0.3)),
  (_, x, w) => tf.tanh(tf.squeeze(tf.matMul(w, tf.expandDims(x, 1)), [1])),
  (c, x, w) => tf.mul(tf.sum(tf.sigmoid(w), 0), tf.mul(c, tf.max(tf.square(x)))),
  (c, _, w) => tf.squeeze(tf.matMul(tf.expandDims(c, 0), tf.softplus(w)), [0]),
  (c, x, _, v) => tf.mul(c, tf.mean(tf.cos(tf.add(v, tf.sum(x))))),
  (_, x) => tf.reverse(tf.cumsum(x), 0),
  (_, x) => tf.broadcastTo(tf.slice(x, [0], [1]), [2]),
  (c) => tf.add(c, 1)
]

test("the values of scans of any body, and their gradients, stay as they are", () => {
  fc.assert(
    fc.property(fc.subarray([...terms], { minLength: 1 }), (chosen) => {
      const program = scanned((...given) => tf.mul(0.2, tf.addN(chosen.map((term) => term(...given)))))
      const after = hoisted(program)
      if (after === undefined) return
      const before = values(program, program.graph, (id) => id)
      const now = values(program, after.graph, (id) => after.mapped.get(id) ?? -1)
      now.forEach((y, k) => y.forEach((x, i) => expect(x).toBeCloseTo(before[k]![i]!, 12)))
    }),
    { seed: 1, numRuns: 60 }
  )
})

test("what depends on rows only, or on nothing that changes, leaves the body; what moves numbers, and what depends on the carry, stays", () => {
  const program = scanned((c, x, w) => tf.mul(tf.tanh(tf.add(c, tf.exp(x))), tf.sum(tf.sigmoid(w), 0)), false)
  expect(opsIn(program.graph)).toEqual(expect.arrayContaining(["exp", "sigmoid", "sum", "add", "tanh", "mul"]))
  const { graph } = hoisted(program)!
  expect(opsIn(graph)).toEqual(["input", "input", "input", "add", "tanh", "mul"])
  expect(scansOf(graph)[0]).toMatchObject({ length: 5, rows: 1 })
  expect(graph.nodes.find((n) => n.op === "exp")!.shape).toEqual([5, 2])
})

test("what is much larger than the carry is not kept for every row", () => {
  const program = scanned((c, x, _, v) => tf.mul(c, tf.mean(tf.cos(tf.add(v, tf.mul(tf.sum(tf.exp(x)), tf.mean(c)))))), false)
  const wide = scanned((c, x, _, v) => tf.mul(c, tf.mean(tf.mul(tf.mean(c), tf.cos(tf.add(v, tf.sum(tf.exp(x))))))), false)
  for (const p of [program, wide]) {
    const { graph } = hoisted(p)!
    expect(opsIn(graph)).toContain("cos")
    expect(opsIn(graph)).not.toContain("exp")
    for (const n of graph.nodes) expect(sizeOf(n.shape)).toBeLessThanOrEqual(50)
  }
})

test("a body of nothing else stays", () => {
  expect(hoisted(scanned((c, x) => tf.tanh(tf.add(c, x)), false))).toBeUndefined()
})
