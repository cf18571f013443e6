import { describe, expect, test } from "vitest"
import { bind } from "../../src/graph/bind.ts"
import { grad } from "../../src/graph/grad.ts"
import { contextOf, prepare } from "../../src/graph/interpret.ts"
import { primitives } from "../../src/graph/primitive/table.ts"
import { emit, newRecorder, real, within } from "../../src/graph/recorder.ts"
import { sizeOf } from "../../src/graph/shape.ts"
import type { Axis, Value } from "../../src/graph/value.ts"
import { differences, worstError } from "../support/differences.ts"
import { normals } from "../support/numbers.ts"
import type { PrimitiveCase } from "./primitiveCases.ts"
import { elsewhere, label, primitiveCases } from "./primitiveCases.ts"
import { numbers, view, viewOf } from "./view.ts"

const isFloat = (dtype: string): boolean => dtype === "f32" || dtype === "f64"

/** For each input the axes that it hides. */
type Layout = ReadonlyArray<ReadonlyArray<Axis>>

const record = (c: PrimitiveCase, layout: Layout) => {
  const r = newRecorder(undefined)
  return within(r, () => {
    const inputs = c.inputs.map(({ shape, dtype }, i): Value => {
      const axes = layout[i]!
      const id = emit("input", [], { name: `${i}`, shape: [...axes.map((a) => a.size), ...shape] }, dtype)
      return { recorder: r, id, shape, axes, dtype }
    })
    const output = c.op === "input" ? inputs[0]! : bind(c.op, inputs, c.attributes)
    const weights = real(emit("input", [], { name: "weights", shape: r.nodes[output.id]!.shape }, "f64"))
    const floats = inputs.filter((v) => isFloat(v.dtype))
    const differentiable = isFloat(output.dtype) && floats.length > 0
    const total = differentiable
      ? bind("sum", [bind("mul", [real(output.id), weights])], { axes: r.nodes[output.id]!.shape.map((_, k) => k) })
      : undefined
    return {
      r,
      inputs,
      output,
      weights,
      total,
      gradient: () =>
        total === undefined
          ? []
          : grad(
              total,
              floats.map((v) => real(v.id))
            )
    }
  })
}

const dataOf = (c: PrimitiveCase, layout: Layout): ReadonlyArray<Float64Array> =>
  c.inputs.map(({ shape, domain }, i) => Float64Array.from(normals(17 + i, sizeOf(shape) * sizeOf(layout[i]!.map((a) => a.size))), domain))

const outer: Axis = { name: "outer", size: 2, depth: 0 }
const inner: Axis = { name: "inner", size: 3, depth: 1 }

/** Nothing hidden; one axis on each subset; an axis for each; both on the first. */
const layoutsOf = (count: number): ReadonlyArray<Layout> => [
  ...Array.from({ length: 2 ** count }, (_, mask) => Array.from({ length: count }, (_, i) => ((mask >> i) & 1 ? [inner] : []))),
  ...(count > 1
    ? [
        Array.from({ length: count }, (_, i) => [i % 2 === 0 ? outer : inner]),
        Array.from({ length: count }, (_, i) => (i === 0 ? [outer, inner] : [outer]))
      ]
    : [])
]

const show = (layout: Layout): string => JSON.stringify(layout.map((axes) => axes.map((a) => a.name)))

const difference = (a: number, b: number): number => (Object.is(a, b) || a === b ? 0 : Math.abs(a - b) / (1 + Math.abs(b)))

/** Rows of an input [axes…, shape] at the coordinates of an output row. */
const rowOf = (data: Float64Array, shape: ReadonlyArray<number>, axes: ReadonlyArray<Axis>, at: ReadonlyMap<Axis, number>) => {
  const row = axes.reduce((k, a) => k * a.size + at.get(a)!, 0)
  return viewOf(shape, data.subarray(row * sizeOf(shape), (row + 1) * sizeOf(shape)))
}

test("every primitive has a case", () => {
  const covered = new Set([...primitiveCases.map((c) => c.op), ...elsewhere])
  expect(Object.keys(primitives()).filter((op) => !covered.has(op))).toEqual([])
})

describe("primitives", () => {
  test.each(primitiveCases.map((c) => [label(c), c] as const))("%s", (_, c) => {
    for (const layout of layoutsOf(c.inputs.length)) {
      const { r, inputs, output, weights, total, gradient } = record(c, layout)
      const data = dataOf(c, layout)
      const feed = new Map(inputs.map((v, i) => [v.id, data[i]!] as const))
      feed.set(weights.id, Float64Array.from(normals(5, sizeOf(r.nodes[weights.id]!.shape))))
      const [values] = prepare(r, [output.id], contextOf("float64")).run(feed)

      const axes = output.axes
      const rows = view(
        axes.map((a) => a.size),
        () => 0
      )
      numbers(rows).forEach((_, k) => {
        const at = new Map(axes.map((a, d) => [a, Math.floor(k / sizeOf(axes.slice(d + 1).map((b) => b.size))) % a.size]))
        const expected = c.naive(...c.inputs.map((x, i) => rowOf(data[i]!, x.shape, layout[i]!, at)))
        expect(output.shape, show(layout)).toEqual(expected.shape)
        numbers(expected).forEach((e, j) =>
          expect(difference(values![k * sizeOf(output.shape) + j]!, e), `${show(layout)}, element ${j} of row ${k}`).toBeLessThanOrEqual(
            c.tolerance
          )
        )
      })

      const differentiable = c.op === "dot" || c.op === "gather" || c.op === "input" || primitives()[c.op]!.reverse !== undefined
      if (total === undefined || !differentiable || c.op === "trigamma" || c.op === "withGradientOf") continue
      const gradients = within(r, gradient)
      const got = prepare(
        r,
        gradients.map((g) => g.id),
        contextOf("float64")
      )
        .run(feed)
        .map((g) => Float64Array.from(g))
      const objective = prepare(r, [total.id], contextOf("float64"))
      const floats = inputs.filter((v) => isFloat(v.dtype))
      floats.forEach((v, i) => {
        const expected = differences(() => objective.run(feed)[0]![0]!, feed.get(v.id)!)
        expect(worstError(got[i]!, expected), `gradient to input ${i}, ${show(layout)}`).toBeLessThan(1e-8)
      })
    }
  })
})

describe("indices outside", () => {
  const run = (op: string, attributes: Readonly<Record<string, unknown>>) => {
    const r = newRecorder(undefined)
    return within(r, () => {
      const x = emit("input", [], { name: "x", shape: [1, 2, 3, 1] })
      const at = emit("input", [], { name: "at", shape: [1, 3] }, "i32")
      const out = emit(op, [x, at], attributes)
      const feed = new Map<number, Float64Array>([
        [x, Float64Array.of(1, 2, 3, 4, 5, 6)],
        [at, Float64Array.of(-1, 1, 3)]
      ])
      return [...prepare(r, [out], contextOf("float64")).run(feed)[0]!]
    })
  }

  test("are NaN where they are looked up", () => {
    expect(run("take", {})).toEqual([NaN, 2, NaN, NaN, 5, NaN])
  })

  test("are left out where they are written to", () => {
    expect(run("put", { length: 3 })).toEqual([0, 2, 0, 0, 5, 0])
  })
})
